import { prorate } from '../../../money/prorate.ts';
import type { PointsBenefit } from '../../../rules/benefit.ts';
import { pointsFromField } from '../../../rules/benefits/points.ts';
import { moneyOf } from '../../../rules/benefits/portion.ts';
import type { Credit } from '../../decision.ts';
import { type Case, pointTypeOf } from '../case.ts';
import { pointsOn } from '../points.ts';
import { type Effect, sum } from '../state.ts';
import type { Grant } from './grant.ts';

/** What one benefit grants, before multipliers and budgets. */
export function grant(
  at: Case,
  effect: Effect,
  { benefit, paid }: { benefit: PointsBenefit; paid: readonly number[] },
): readonly Grant[] {
  const bases = paid.map((money, slot) => baseIn(at, effect, { slot, money }));
  const times = benefit.timesBundles ? effect.bundles : 1;
  const fields = fieldPoints(at, effect, benefit);
  const own = benefit.value.by === 'field' ? sum(fields) : pointsOn(sum(bases), benefit, at);
  const requested = own * times;
  if (requested <= 0) return [];
  const weights = benefit.value.by === 'field' ? fields : weightsFor(bases, effect);
  const shares = prorate(requested, weights, at.money.residual);
  const of = `points of ${effect.promotion.id}`;
  at.trace?.split({ of, total: requested, weights }, at.money.residual);
  const credit = creditOf(at, benefit.credit);
  return [{ effect, type: benefit.type, credit, requested, shares, multiplied: false }];
}

/** The paid money of a slot that a benefit counts. */
function baseIn(
  at: Case,
  { benefit, units }: Effect,
  { slot, money }: { slot: number; money: number },
): number {
  const line = at.lines[slot];
  if (line === undefined) return benefit.target === 'lines' ? 0 : money;
  if (benefit.target === 'delivery') return 0;
  const selected = units[slot] ?? 0;
  return selected === 0 ? 0 : moneyOf({ net: money, units: selected, quantity: line.quantity });
}

/** Where nothing was paid, points that do not depend on money go by units. */
function weightsFor(bases: readonly number[], { units }: Effect): readonly number[] {
  return sum(bases) > 0 ? bases : bases.map((_, slot) => units[slot] ?? 0);
}

function fieldPoints(at: Case, { units }: Effect, benefit: PointsBenefit): readonly number[] {
  const { value } = benefit;
  if (value.by !== 'field') return [];
  const step = 10 ** pointTypeOf(at, benefit.type).precision;
  const each = at.lines.map((line, slot) =>
    pointsFromField(line.fields.get(value.field), units[slot] ?? 0, { ...at.money, step }),
  );
  return [...each, 0];
}

/** When granted points become spendable. */
export function creditOf(at: Case, credit: PointsBenefit['credit']): Credit {
  const { zone } = at.place;
  switch (credit.kind) {
    case 'after':
      return { kind: 'at', at: at.language.addDuration(at.input.at, credit.duration, zone) };
    case 'at':
      return { kind: 'at', at: at.language.resolve(credit.at, zone, 'start') };
    default:
      return credit;
  }
}
