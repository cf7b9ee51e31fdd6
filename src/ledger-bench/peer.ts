import type { Post, Result } from './contestant.ts';

/** What a peer knows of a posting when it is on the disk. */
export interface Posted {
  readonly id: string;
  readonly status: Result;
  readonly before: number | null;
  readonly after: number | null;
}

/** The postings of a message; a ledger on a database has to check what it is sent as well. */
export function readPosts(message: Uint8Array): Post[] {
  const list: unknown = JSON.parse(
    Buffer.from(message.buffer, message.byteOffset, message.length).toString(),
  );
  if (!Array.isArray(list)) throw new Error('a message is a list');
  return list.map(({ id, kind, member, type, amount }) => {
    const isFit =
      typeof id === 'string' &&
      kind === 'adjust' &&
      typeof member === 'string' &&
      type === 'main' &&
      Number.isSafeInteger(amount) &&
      amount !== 0;
    if (!isFit) throw new Error('not a posting');
    return { id, member, points: amount };
  });
}

export function writeAnswer(posted: readonly Posted[]): Uint8Array {
  return Buffer.from(JSON.stringify(posted));
}

export function readResults(answer: Uint8Array): Result[] {
  const list: readonly Posted[] = JSON.parse(Buffer.from(answer).toString());
  return list.map(({ status }) => status);
}
