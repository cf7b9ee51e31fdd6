import { isDeepStrictEqual } from 'node:util';
import type { OutcomeJson } from '../../client/outcome-json.ts';

/** A transaction that was sent, and what was durably answered to it. */
export interface Sent {
  readonly transaction: { readonly id: string; readonly kind: string };
  /** The first durable answer, without what tells a repetition; `undefined` while it waits. */
  answer: OutcomeJson | undefined;
}

/** What all tills were told. Two answers to one transaction must not differ. */
export class Answers {
  /** By transaction id. An id that was used twice is in `reused` with its later content. */
  readonly sent = new Map<string, Sent>();
  readonly reused = new Map<string, Sent>();
  readonly contradictions: string[] = [];
  /** Answers that came to a transaction that had one already. */
  repeated = 0;

  /** Written down before it is sent, as a till's outbox does. */
  note(transaction: Sent['transaction']): Sent {
    const known = this.sent.get(transaction.id);
    if (known) return known;
    const sent: Sent = { transaction, answer: undefined };
    this.sent.set(transaction.id, sent);
    return sent;
  }

  /** Another transaction under an id that is taken. */
  noteReuse(transaction: Sent['transaction']): Sent {
    const sent: Sent = { transaction, answer: undefined };
    this.reused.set(transaction.id, sent);
    return sent;
  }

  settle(sent: Sent, outcome: OutcomeJson): void {
    const answer = asRecorded(outcome);
    if (sent.answer === undefined) {
      sent.answer = answer;
      return;
    }
    this.repeated += 1;
    if (!isDeepStrictEqual(sent.answer, answer)) {
      const both = `${JSON.stringify(sent.answer)} and then ${JSON.stringify(answer)}`;
      this.contradictions.push(`${sent.transaction.id} was answered ${both}`);
    }
  }

  get unanswered(): readonly string[] {
    return [...this.sent.values(), ...this.reused.values()]
      .filter(({ answer }) => answer === undefined)
      .map(({ transaction }) => transaction.id);
  }
}

/** An outcome as it stands in the ledger: `exists` is only how it was found. */
export function asRecorded(outcome: OutcomeJson): OutcomeJson {
  const { status, recorded, ...rest } = outcome;
  const plain = { ...rest, status: status === 'exists' ? (recorded ?? status) : status };
  // Through JSON, so that what was never on the wire (undefined) does not count.
  return JSON.parse(JSON.stringify(plain));
}
