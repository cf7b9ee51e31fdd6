import { readFile } from 'node:fs/promises';
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type Status,
} from 'nats';
import { Fault, messageOf } from '../fault.ts';

/**
 * The one place that connects to NATS. A connection, once made, is never given up: the client's
 * own default is to close for good after ten attempts (trap T12).
 */

export interface NatsTarget {
  readonly servers: readonly string[];
  /** File with the JWT and seed of a NATS user. */
  readonly credentialsFile?: string | undefined;
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** How long the first connection may take. `0`: as long as it takes. */
  readonly patience?: number;
  /** Told about everything that happens to the connection, to be logged and counted. */
  readonly onStatus?: (status: NatsStatus) => void;
}

export type NatsStatus =
  | { readonly kind: 'connected'; readonly server: string; readonly version: string }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'disconnected'; readonly server: string }
  | { readonly kind: 'reconnected'; readonly server: string }
  | { readonly kind: 'error'; readonly reason: string }
  | { readonly kind: 'slow-consumer'; readonly subject: string; readonly pending: number }
  | { readonly kind: 'closed'; readonly reason: string | undefined };

const FIRST_CONNECT_PATIENCE_MS = 10_000;
const ATTEMPT_TIMEOUT_MS = 5_000;
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 250;
const PING_INTERVAL_MS = 5_000;
const MAX_PINGS_OUT = 3;

export async function connectNats(target: NatsTarget): Promise<NatsConnection> {
  const connection = await firstConnection(target, await optionsOf(target));
  const { onStatus } = target;
  if (onStatus !== undefined) {
    const server = connection.getServer();
    onStatus({ kind: 'connected', server, version: connection.info?.version ?? 'unknown' });
    void forwardStatus(connection, onStatus);
  }
  return connection;
}

async function optionsOf(target: NatsTarget): Promise<ConnectionOptions> {
  const options: ConnectionOptions = {
    servers: [...target.servers],
    name: target.name,
    timeout: ATTEMPT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MAX_PINGS_OUT,
    // A rejected login may be repaired on the server while we wait.
    ignoreAuthErrorAbort: true,
  };
  if (target.credentialsFile === undefined) return options;
  const credentials = await readCredentials(target.credentialsFile);
  return { ...options, authenticator: credsAuthenticator(credentials) };
}

async function readCredentials(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const message = `the NATS credentials file \`${file}\` cannot be read`;
    throw new Fault('nats-credentials-unreadable', message, { retry: 'operator', cause });
  }
}

/** Tries until it works or patience ends, and says why each attempt failed. */
async function firstConnection(
  target: NatsTarget,
  options: ConnectionOptions,
): Promise<NatsConnection> {
  const patience = target.patience ?? FIRST_CONNECT_PATIENCE_MS;
  const deadline = patience === 0 ? Number.POSITIVE_INFINITY : performance.now() + patience;
  for (;;) {
    try {
      return await connect(options);
    } catch (cause) {
      if (performance.now() >= deadline) throw unreachableNats(target, cause);
      target.onStatus?.({ kind: 'waiting', reason: messageOf(cause) });
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_WAIT_MS));
    }
  }
}

function unreachableNats(target: NatsTarget, cause: unknown): Fault {
  const servers = target.servers.map(withoutSecrets).join(', ');
  return new Fault('nats-unreachable', `no NATS server answers at ${servers}`, {
    retry: 'operator',
    facts: { reason: messageOf(cause) },
    cause,
  });
}

/** A server address as it may be logged: without user and password. */
export function withoutSecrets(server: string): string {
  return server.replace(/^([a-z]+:\/\/)?[^@/]*@/, '$1');
}

async function forwardStatus(
  connection: NatsConnection,
  onStatus: (status: NatsStatus) => void,
): Promise<void> {
  void connection.closed().then((reason) => {
    onStatus({ kind: 'closed', reason: reason instanceof Error ? reason.message : undefined });
  });
  for await (const status of connection.status()) {
    const translated = translate(status);
    if (translated !== undefined) onStatus(translated);
  }
}

function translate(status: Status): NatsStatus | undefined {
  switch (status.type) {
    case 'disconnect':
      return { kind: 'disconnected', server: status.server };
    case 'reconnect':
      return { kind: 'reconnected', server: status.server };
    case 'error':
      return { kind: 'error', reason: status.error.message };
    case 'slowConsumer': {
      const subject = status.sub.getSubject();
      return { kind: 'slow-consumer', subject, pending: status.pending };
    }
    case 'staleConnection':
      return { kind: 'error', reason: 'the server stopped answering pings' };
    default:
      return undefined;
  }
}
