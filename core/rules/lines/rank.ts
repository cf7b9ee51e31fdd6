import type { Ranking } from '../condition.ts';
import type { LineFacts } from '../facts.ts';

/** By unit price, then lower subtotal, then order in the checkout: always the same answer. */
export function ranked(lines: readonly LineFacts[], order: Ranking['order']): readonly LineFacts[] {
  if (order === 'as-listed') return lines;
  const sign = order === 'cheapest-first' ? 1 : -1;
  return lines.toSorted(
    (left, right) =>
      sign * (left.line.price - right.line.price) ||
      left.line.gross - right.line.gross ||
      left.index - right.index,
  );
}
