import { fallByRounding, fallByUnitRounding } from '../../../rules/benefits/round.ts';
import type { Asking } from './asking.ts';

/** Prices rise to at most what they were. Of the order, the total is rounded after the tree. */
export const round: Asking<'round'> = {
  line: ({ to }, portion, { line, basket }) =>
    Math.max(fallByUnitRounding(portion, to, basket.at.money), portion.net - line.gross),
  delivery: ({ to }, price, { at }) =>
    Math.max(fallByRounding(price, to, at.money), price - at.input.checkout.delivery),
};
