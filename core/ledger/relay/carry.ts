import type { Outgoing } from '../registry.ts';

/** What a carrier of relays sends: to whom, and the transaction as plain values. */
export interface Carried {
  /** Its partition takes the transaction. */
  readonly key: string;
  readonly transaction: Readonly<Record<string, unknown>>;
}

/** The relay itself, the same at every attempt. */
export function relayOf({ id, to, from, act }: Outgoing): Carried {
  return { key: to, transaction: { id, kind: 'relay', to, from, act } };
}

/** What the asked partition answered. */
export interface RelayAnswer {
  readonly status: unknown;
  readonly recorded?: unknown;
  readonly reason?: unknown;
  readonly sendFor?: unknown;
}

/** The answer for the partition that asked, the same at every attempt. */
export function relayedOf({ id, from }: Outgoing, answer: RelayAnswer): Carried {
  const isRefused = answer.status === 'rejected' || answer.recorded === 'rejected';
  const why = isRefused ? { refused: String(answer.reason) } : {};
  const other = typeof answer.sendFor === 'string' ? { sendFor: answer.sendFor } : {};
  const about = { id: `relayed/${id}`, kind: 'relayed', to: from, relay: id };
  return { key: from, transaction: { ...about, ...why, ...other } };
}
