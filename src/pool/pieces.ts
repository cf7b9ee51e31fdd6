import type { Stretch } from '../../workers/store/recent-blocks.ts';

/** The same stretches in the same order, in groups of at most so many records. */
export function* piecesOf(
  ranges: readonly Stretch[],
  recordsMax: number,
): Generator<readonly Stretch[]> {
  let piece: Stretch[] = [];
  let room = recordsMax;
  for (const { partition, first, last } of ranges) {
    for (let next = first; next <= last; ) {
      const end = Math.min(last, next + room - 1);
      piece.push({ partition, first: next, last: end });
      room -= end - next + 1;
      next = end + 1;
      if (room > 0) continue;
      yield piece;
      piece = [];
      room = recordsMax;
    }
  }
  if (piece.length > 0) yield piece;
}
