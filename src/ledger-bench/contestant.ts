/** One posting: points that move from the adjustment account to a member. */
export interface Post {
  readonly id: string;
  readonly member: string;
  readonly points: number;
}

/**
 * A ledger in the race. All do the same work: know a used id, book both sides of a movement, keep
 * the balance of what moved, and have all of it on the disk before they say that it is done.
 */
export interface Contestant {
  readonly name: string;
  /** Posts a batch durably. */
  readonly post: (batch: readonly Post[]) => Promise<void> | void;
  /** What the members hold together and how many postings there are; the race checks both. */
  readonly totals: () => Promise<Totals> | Totals;
  readonly close: () => Promise<void> | void;
}

export interface Totals {
  readonly postings: number;
  readonly points: number;
}

/** Members that the postings go to, in turn. */
export const MEMBERS = 10_000;

/** Postings from a place on, the same for everybody. */
export function postsFrom(first: number, count: number): Post[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return {
      id: `posting-${number}`,
      member: `m-${(number * 7_919) % MEMBERS}`,
      points: 1 + (number % 97),
    };
  });
}
