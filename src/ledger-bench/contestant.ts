/** One posting: points that a member gets from the adjustment account, or gives back to it. */
export interface Post {
  readonly id: string;
  readonly member: string;
  /** Below zero it is a spend, which the member's balance has to cover. */
  readonly points: number;
}

/** What became of a posting, in as few words for everybody. */
export type Result = 'done' | 'exists' | 'conflict' | 'refused';

/**
 * A ledger in the race. All get the same bytes as they would come over a wire, and all owe the
 * same: know a used id and tell whether its content is the same, cover a spend by the lots of the
 * member, soonest expiry first, book both sides with the balance after it, and have all of it on
 * the disk before they answer each posting.
 */
export interface Contestant {
  readonly name: string;
  /** Posts a batch durably, and answers each message with a list of JSON. */
  readonly post: (messages: readonly Uint8Array[]) => Promise<Answers> | Answers;
  /** How the contestant's answers to a message read. */
  readonly resultsOf: (answer: Uint8Array) => readonly Result[];
  /** What the members hold together and how many postings there are; the race checks both. */
  readonly totals: () => Promise<Totals> | Totals;
  readonly close: () => Promise<void> | void;
}

export type Answers = readonly Uint8Array[];

export interface Totals {
  readonly postings: number;
  readonly points: number;
}

/** Members that the postings go to, in turn. */
export const MEMBERS = 10_000;
/** Postings of one message: what our own envelopes hold at most. */
const MESSAGE_POSTS_MAX = 512;

export const memberName = (index: number): string => `m-${index}`;

/**
 * Postings from a place on, the same for everybody: three credits and a smaller spend in turn, so
 * that nobody is ever short.
 */
export function postsFrom(first: number, count: number): Post[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const turn = Math.floor(number / MEMBERS);
    const isSpend = turn > 0 && (turn + number) % 4 === 3;
    return {
      id: `posting-${number}`,
      member: memberName((number * 7_919) % MEMBERS),
      points: isSpend ? -1 - (number % 20) : 20 + (number % 97),
    };
  });
}

/** The postings as they are sent: lists of our own transactions in JSON. */
export function messagesOf(posts: readonly Post[]): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let from = 0; from < posts.length; from += MESSAGE_POSTS_MAX) {
    const some = posts.slice(from, from + MESSAGE_POSTS_MAX).map(({ id, member, points }) => {
      return { id, kind: 'adjust', member, type: 'main', amount: points, comment: '' };
    });
    messages.push(Buffer.from(JSON.stringify(some)));
  }
  return messages;
}

/** Points given now expire at the end of the day a year from now. */
export function expiryOf(at: number): number {
  const day = 86_400_000;
  return (Math.floor(at / day) + 366) * day;
}
