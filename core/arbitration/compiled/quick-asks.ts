import { prorate } from '../../money/prorate.ts';
import type { Benefit } from '../../rules/benefit.ts';
import type { Borne } from '../../rules/benefits/bear.ts';
import { percentOff, percentOffTotal } from '../../rules/benefits/discount.ts';
import { bearableBy, moneyOf } from '../../rules/benefits/portion.ts';
import type { OrderLine } from '../../transaction/transaction.ts';
import { partnerPercentOf } from '../interpret/asks/partner-discount.ts';
import type { Selection } from '../language.ts';
import type { Session } from './session.ts';

/**
 * The most frequent benefits by a shorter way: percentages that cut off at the floors. All
 * others are asked and borne as the interpreter does it.
 */
export function quickly(
  session: Session,
  benefit: Benefit,
  selection: Selection,
): Borne | undefined {
  if (session.at.rules.settings.overflow === 'redistribute') return undefined;
  if (benefit.kind === 'partner-discount') {
    return benefit.target === 'lines' ? offPartnerLines(session, benefit, selection) : undefined;
  }
  if (benefit.kind !== 'discount' || benefit.value.by !== 'percent') return undefined;
  const { percent } = benefit.value;
  if (benefit.target === 'lines') return offLines(session, selection, percent);
  return benefit.target === 'order' ? offOrder(session, selection, percent) : undefined;
}

function offPartnerLines(
  session: Session,
  { partner }: Extract<Benefit, { kind: 'partner-discount' }>,
  selection: Selection,
): Borne {
  return offLines(session, selection, (line) => partnerPercentOf(partner, line, session.at));
}

/** Each line for itself. */
function offLines(
  { at, net, floors, zeros }: Session,
  { units: selected, from = 0, to = at.lines.length }: Selection,
  percents: number | ((line: OrderLine) => number | undefined),
): Borne {
  const isWholeEasy = at.money.roundPer !== 'unit';
  const requested = zeros.slice();
  let applied: number[] | undefined;
  for (let slot = from; slot < to; slot += 1) {
    const units = selected[slot] ?? 0;
    if (units === 0) continue;
    const line = at.lines[slot];
    if (line === undefined) continue;
    const percent = typeof percents === 'number' ? percents : percents(line);
    if (percent === undefined) continue;
    const price = net[slot] ?? 0;
    let room = Math.max(0, price - (floors[slot] ?? 0));
    let asked: number;
    if (isWholeEasy && units === line.quantity) asked = percentOffTotal(price, percent, at.money);
    else {
      const portion = { net: price, units, quantity: line.quantity };
      asked = percentOff(portion, percent, at.money);
      room = bearableBy(portion, room);
    }
    if (asked > room) applied ??= requested.slice();
    requested[slot] = asked;
    if (applied !== undefined) applied[slot] = Math.min(asked, room);
  }
  return { requested, applied: applied ?? requested };
}

/** One rounding of the total, then a split by money over the selected lines. */
function offOrder(
  { at, net, floors, zeros }: Session,
  { units: selected }: Selection,
  percent: number,
): Borne {
  const weights: number[] = [];
  const rooms: number[] = [];
  let total = 0;
  for (let slot = 0; slot < at.lines.length; slot += 1) {
    const units = selected[slot] ?? 0;
    if (units === 0) continue;
    const price = net[slot] ?? 0;
    const portion = { net: price, units, quantity: at.lines[slot]?.quantity ?? 0 };
    const money = moneyOf(portion);
    weights.push(money);
    rooms.push(bearableBy(portion, Math.max(0, price - (floors[slot] ?? 0))));
    total += money;
  }
  const asked = percentOffTotal(total, percent, at.money);
  const shares = weights.length === 0 ? weights : prorate(asked, weights, at.money.residual);
  const requested = zeros.slice();
  const applied = zeros.slice();
  let next = 0;
  for (let slot = 0; slot < at.lines.length; slot += 1) {
    if ((selected[slot] ?? 0) === 0) continue;
    const share = shares[next] ?? 0;
    requested[slot] = share;
    applied[slot] = Math.min(share, rooms[next] ?? 0);
    next += 1;
  }
  return { requested, applied };
}
