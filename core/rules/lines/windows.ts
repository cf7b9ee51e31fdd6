import type { Ranking } from '../condition.ts';

/** One whole unit (or line) on the measuring tape, in thousandths. */
const ONE = 1_000;

/**
 * Counting by measuring: ranked units are laid end to end on a tape in thousandths, and windows
 * are marked on it. So 6,000 units cost no more than one, and 40.125 litres count exactly.
 */
export function takenFrom(ranking: Ranking, start: number, length: number): number {
  return markedBefore(ranking, start + length) - markedBefore(ranking, start);
}

/** How much of the tape before `end` lies in the taken part of a window. */
function markedBefore({ skip, take, every }: Ranking, end: number): number {
  const measured = Math.max(0, end - skip * ONE);
  if (every === undefined) return take === undefined ? measured : Math.min(measured, take * ONE);

  const window = every * ONE;
  const taken = Math.min(take ?? every, every) * ONE;
  const complete = Math.floor(measured / window);
  return complete * taken + Math.min(measured - complete * window, taken);
}
