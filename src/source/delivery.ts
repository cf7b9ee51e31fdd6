import { Fault } from '../fault.ts';

/** What JetStream says about a delivered message, in the reply subject it wants acknowledged. */
export interface Delivery {
  /** Position in the stream. */
  readonly sequence: number;
  /** When the stream stored it, milliseconds since 1970. */
  readonly storedAt: number;
  /** Messages of this consumer that are still to come. */
  readonly pending: number;
}

const NANOSECOND_DIGITS = 6;

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer sequence>.<ns>.<pending>`,
 * or the newer form that has a domain and an account before the stream and a token at the end.
 */
export function parseDelivery(reply: string): Delivery {
  const tokens = reply.split('.');
  const shift = tokens.length >= 11 ? 2 : 0;
  const sequence = Number(tokens[5 + shift]);
  const storedAt = Number(tokens[7 + shift]?.slice(0, -NANOSECOND_DIGITS));
  const pending = Number(tokens[8 + shift]);
  if (!Number.isSafeInteger(sequence) || !Number.isSafeInteger(storedAt)) {
    throw new Fault('unexpected-delivery', 'the server delivers in a form unknown here', {
      retry: 'operator',
      facts: { reply },
    });
  }
  return { sequence, storedAt, pending };
}
