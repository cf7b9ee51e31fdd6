import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { Fault } from '../fault.ts';
import { type NatsStatus, withoutSecrets } from '../nats/connection.ts';

export type { Logger } from 'pino';

/** Names under which secrets travel through our code; their values are never written. */
const SECRETS = [
  'password',
  'clickhousePassword',
  'token',
  'authorization',
  'cookie',
  'credentials',
  'seed',
  'jwt',
];

/** One line of JSON an event. The message names the event; what varies stands in fields. */
export function createLogger(
  options: { readonly level: string },
  destination?: DestinationStream,
): Logger {
  const settings: LoggerOptions = {
    level: options.level,
    base: { service: 'arbiter' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]) },
    serializers: { err: describeError, server: withoutSecrets },
  };
  return destination === undefined ? pino(settings) : pino(settings, destination);
}

/** An error as a log shows it: a fault with its code and who has to act. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack, cause } = error;
  const because = cause === undefined ? {} : { cause: describeError(cause) };
  if (!(error instanceof Fault)) return { type: error.name, message, stack, ...because };
  // The stack of a fault is not interesting: its code says where it comes from.
  return { code: error.code, retry: error.retry, message, facts: error.facts, ...because };
}

/** Writes what happens to a NATS connection. */
export function logNatsStatus(logger: Logger): (status: NatsStatus) => void {
  return (status) => {
    const { kind, ...about } = status;
    const line = `nats ${kind}`;
    if (kind === 'connected' || kind === 'reconnected') logger.info(about, line);
    else if (kind === 'error') logger.error(about, line);
    else if (kind === 'closed') logger.info(about, line);
    else logger.warn(about, line);
  };
}
