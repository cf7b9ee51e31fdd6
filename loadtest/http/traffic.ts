import { makeProfile } from '../profiles/profile.ts';

/** Bodies that differ in everything but their id, to be sent again and again under new ids. */
export interface HttpTraffic {
  /** Sent once, before anything is measured: members who buy have to exist. */
  readonly enrolments: readonly object[];
  /** Each is the JSON of a checkout without its first `{` and its id. */
  readonly tails: readonly string[];
}

const MEMBERS = 5_000;
const TRANSACTIONS = 12_000;
const ENOUGH_CHECKOUTS = 4_000;

export function makeHttpTraffic(options: {
  readonly seed: number;
  readonly lines: number;
}): HttpTraffic {
  const enrolments: object[] = [];
  const tails: string[] = [];
  const profile = makeProfile({
    ...options,
    transactions: TRANSACTIONS,
    members: MEMBERS,
    envelope: 1,
    format: 'json',
    partitions: 1,
  });
  for (const { bytes } of profile) {
    const transaction: { id?: string; kind?: string } = JSON.parse(Buffer.from(bytes).toString());
    const { id, ...rest } = transaction;
    if (transaction.kind === 'enrol') enrolments.push(transaction);
    if (transaction.kind === 'checkout') tails.push(JSON.stringify(rest).slice(1));
    if (tails.length === ENOUGH_CHECKOUTS) break;
  }
  return { enrolments, tails };
}

/** Bodies under ids that this run has not used before. */
export class BodyMaker {
  readonly #tails: readonly string[];
  readonly #prefix: string;
  #next = 0;

  constructor(tails: readonly string[], prefix: string) {
    this.#tails = tails;
    this.#prefix = prefix;
  }

  next(): string {
    this.#next += 1;
    const tail = this.#tails[this.#next % this.#tails.length];
    return `{"id":"${this.#prefix}/${this.#next}",${tail}`;
  }
}
