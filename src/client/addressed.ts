import type { Outcome } from './outcome.ts';

/** Members that one transaction may be sent on to: of a card, and of merges one after the other. */
export const SENT_ON_MAX = 4;

export interface AddressedPorts {
  readonly send: (transactions: readonly unknown[]) => Promise<readonly Outcome[]>;
  /** Whose a card or phone is; `undefined` when it is nobody's. */
  readonly identify: (identifier: string) => Promise<string | undefined>;
}

/**
 * Sends transactions to the members they are about, also where the sender knows a card only, or a
 * member that was merged meanwhile. The id stays the same, so repeating all of it is safe: each
 * partition on the way knows the id, and the last one has the outcome.
 */
export async function sendAddressed(
  transactions: readonly unknown[],
  ports: AddressedPorts,
): Promise<readonly Outcome[]> {
  // Nearly all name their member, and need no turn of their own.
  let waiting = transactions.some(showsCardOnly)
    ? await Promise.all(transactions.map((each) => identified(each, ports)))
    : transactions;
  let outcomes = await ports.send(waiting);
  if (!outcomes.some(({ sendFor }) => sendFor !== undefined)) return outcomes;
  for (let turn = 0; turn < SENT_ON_MAX; turn += 1) {
    const again = [...outcomes.keys()].filter((index) => outcomes[index]?.sendFor !== undefined);
    if (again.length === 0) return outcomes;
    waiting = waiting.map((each, index) => withMember(each, outcomes[index]?.sendFor));
    const answers = await ports.send(again.map((index) => waiting[index]));
    const final = [...outcomes];
    for (const [position, index] of again.entries()) {
      const answer = answers[position];
      if (answer) final[index] = answer;
    }
    outcomes = final;
  }
  return outcomes;
}

/** A card alone is looked up first, which spares a rejection in its own partition. */
async function identified(transaction: unknown, ports: AddressedPorts): Promise<unknown> {
  if (!showsCardOnly(transaction)) return transaction;
  return withMember(transaction, await ports.identify(`card/${transaction.card}`));
}

function showsCardOnly(transaction: unknown): transaction is { readonly card: string } {
  if (!isPlain(transaction) || typeof transaction['card'] !== 'string') return false;
  return transaction['member'] === undefined;
}

function withMember(transaction: unknown, member: unknown): unknown {
  if (typeof member !== 'string' || !isPlain(transaction)) return transaction;
  return { ...transaction, member };
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
