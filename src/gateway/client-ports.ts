import { sendAddressed } from '../client/addressed.ts';
import type { TransactionClient } from '../client/transaction-client.ts';
import type { Health } from '../observe/health.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { GatewayPorts, SendOptions } from './ports.ts';

export interface GatewayParts {
  readonly client: TransactionClient;
  readonly health: Health;
  readonly metrics: Metrics;
  /** How long a caller waits for a durable outcome. */
  readonly answerSeconds: number;
  /** The members' transaction lists. */
  readonly transactions: GatewayPorts['transactions'];
  readonly trials?: GatewayPorts['trials'];
  readonly access?: GatewayPorts['access'];
  readonly api?: GatewayPorts['api'];
  /** Sets the gauges that are only known when somebody looks. */
  readonly refresh?: () => void;
}

/** The member that an identifier (`card/…`, `phone/…`) stands for. */
async function memberBehind(client: TransactionClient, identifier: string, within?: string) {
  if (!identifier.includes('/')) return undefined;
  const member = await client.identify(identifier);
  return member === undefined ? undefined : client.member(member, within);
}

/** Counts answers; where to is looked up once for each kind of answer, of which there are few. */
function countedIn(metrics: Metrics): GatewayPorts['answered'] {
  const counters = new Map<string, (seconds: number) => void>();
  return ({ route, method, status, seconds }) => {
    const key = `${status} ${method} ${route}`;
    let count = counters.get(key);
    if (count === undefined) {
      const requests = metrics.httpRequests.labels({ route, method, status });
      const times = metrics.httpSeconds.labels({ route });
      count = (took) => {
        requests.inc();
        times.observe(took);
      };
      counters.set(key, count);
    }
    count(seconds);
  };
}

/** What was addressed anew no longer is what came. */
function asCame(
  sent: readonly unknown[],
  came: readonly unknown[],
  { encoded }: SendOptions,
): { readonly encoded: Uint8Array | undefined } {
  return { encoded: sent === came ? encoded : undefined };
}

/** The gateway's ports over the transaction client: the same way that every till takes. */
export function clientPorts(parts: GatewayParts): GatewayPorts {
  const { client, health, metrics } = parts;
  const timeoutMs = parts.answerSeconds * 1_000;
  return {
    submit: (transactions, options) =>
      sendAddressed(transactions, {
        send: (each) =>
          client.submitted(each, { ...options, timeoutMs, ...asCame(each, transactions, options) }),
        identify: (identifier) => client.identify(identifier),
      }),
    quote: (transactions, options) =>
      sendAddressed(transactions, {
        send: (each) => client.quoted(each, { ...options, ...asCame(each, transactions, options) }),
        identify: (identifier) => client.identify(identifier),
      }),
    member: async (id, expiringWithin) =>
      (await client.member(id, expiringWithin)) ?? (await memberBehind(client, id, expiringWithin)),
    transactions: parts.transactions,
    trials: parts.trials,
    access: parts.access,
    api: parts.api,
    isFull: () => client.isFull,
    health: () => health.report(),
    metrics: async () => {
      metrics.httpWaiting.set(client.unsettled);
      parts.refresh?.();
      return { contentType: metrics.contentType, text: await metrics.text() };
    },
    answered: countedIn(metrics),
  };
}
