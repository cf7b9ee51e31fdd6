import type { Book, Move } from './book.ts';
import type { Asked } from './by-hand.ts';
import type { Desk } from './desk.ts';

/** A top-up that was handed on, with the movements that took its points. */
export interface SlowTopUp {
  readonly member: string;
  readonly type: string;
  readonly moves: readonly Move[];
}

export const pointsOf = ({ moves }: SlowTopUp): number =>
  moves.reduce((sum, { points }) => sum + points, 0);

/** The top-ups of a record, each by its name: the record's id and its place among them. */
export function topUpsOf(id: string, moves: readonly Move[]): readonly [string, SlowTopUp][] {
  const found = new Map<string, SlowTopUp>();
  for (const move of moves) {
    if (move.movement !== 'top-up') continue;
    // A tick settles many members, and each of them counts its own.
    const which = `${move.from} ${move.topUp}`;
    const member = move.from.slice('member:'.length);
    const known = found.get(which) ?? { member, type: move.unit, moves: [] };
    found.set(which, { ...known, moves: [...known.moves, move] });
  }
  return [...found.values()].map((topUp, place) => [`${id}/top-up/${place + 1}`, topUp]);
}

/** The operator refused a top-up: its points go back to their lots, once, and wait there. */
export function giveTopUpBack(
  desk: Desk,
  book: Book,
  { topUp: name, asked }: { readonly topUp: string; readonly asked: Asked },
): string | undefined {
  const topUp = desk.topUps.get(name);
  const isTheirs = topUp?.member === book.member.id && topUp.type === asked.type.id;
  if (!isTheirs || pointsOf(topUp) !== asked.points) return 'unknown-top-up';
  if (desk.topUpsBack.has(name)) return 'top-up-given-back';
  desk.topUpsBack.add(name);
  for (const move of topUp.moves) book.topUpBack(move);
  return undefined;
}
