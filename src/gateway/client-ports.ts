import { sendAddressed } from '../client/addressed.ts';
import type { TransactionClient } from '../client/transaction-client.ts';
import type { Health } from '../observe/health.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { GatewayPorts } from './ports.ts';

export interface GatewayParts {
  readonly client: TransactionClient;
  readonly health: Health;
  readonly metrics: Metrics;
  /** How long a caller waits for a durable outcome. */
  readonly answerSeconds: number;
  /** The members' transaction lists. */
  readonly transactions: GatewayPorts['transactions'];
  /** Sets the gauges that are only known when somebody looks. */
  readonly refresh?: () => void;
}

/** The member that an identifier (`card/…`, `phone/…`) stands for. */
async function memberBehind(client: TransactionClient, identifier: string, within?: string) {
  if (!identifier.includes('/')) return undefined;
  const member = await client.identify(identifier);
  return member === undefined ? undefined : client.member(member, within);
}

/** The gateway's ports over the transaction client: the same way that every till takes. */
export function clientPorts(parts: GatewayParts): GatewayPorts {
  const { client, health, metrics } = parts;
  const timeoutMs = parts.answerSeconds * 1_000;
  return {
    submit: (transactions, { format }) =>
      sendAddressed(transactions, {
        send: (each) => client.submit(each, { format, timeoutMs }),
        identify: (identifier) => client.identify(identifier),
      }),
    quote: (transactions, options) =>
      sendAddressed(transactions, {
        send: (each) => client.quote(each, options),
        identify: (identifier) => client.identify(identifier),
      }),
    member: async (id, expiringWithin) =>
      (await client.member(id, expiringWithin)) ?? (await memberBehind(client, id, expiringWithin)),
    transactions: parts.transactions,
    isFull: () => client.isFull,
    health: () => health.report(),
    metrics: async () => {
      metrics.httpWaiting.set(client.unsettled);
      parts.refresh?.();
      return { contentType: metrics.contentType, text: await metrics.text() };
    },
    answered: ({ route, method, status, seconds }) => {
      metrics.httpRequests.inc({ route, method, status });
      metrics.httpSeconds.observe({ route }, seconds);
    },
  };
}
