import type { Accrual, Decision, LineDecision } from '../arbitration/decision.ts';
import { must } from '../assert.ts';
import {
  type MinorUnits,
  minorUnits,
  type Points,
  points,
  type Thousandths,
} from '../money/units.ts';
import type {
  ReturnedAward,
  ReturnedContribution,
  ReturnedGoods,
  ReturnedShare,
  ReversalTotals,
} from '../outcome/outcome.ts';
import type { Cancel, Checkout, Return } from '../transaction/transaction.ts';
import type { PointsBack } from './points-back.ts';
import type { LedgerRecord } from './record.ts';
import { leftOf, mulDivFloor, type Standing } from './standing-shares.ts';
import type { Reversal } from './state.ts';
import { acceptedAccount, type Transfer } from './transfer.ts';

/**
 * What goes back when goods go back, from the shares frozen on the sale. Every amount is the
 * difference of two *cumulative* parts, `⌊share × returned so far ÷ bought⌋`, so that returning
 * everything, in any steps and any order, gives exactly the mirror of the sale (003-77).
 */
export interface Sale {
  readonly record: LedgerRecord;
  readonly checkout: Checkout;
  readonly decision: Decision;
}

/** One step of a reversal: how much of each line was back before, and is back after it. */
export interface Step extends Planned {
  /** What of the sale's benefits stood before, and stands after it. */
  readonly standing: { readonly before: Standing; readonly after: Standing };
}

/** A step before its benefits are settled. */
export interface Planned {
  readonly sale: Sale;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** True when this step brings back the last of the checkout. */
  readonly completes: boolean;
}

/** The recorded sale behind an id, or why it cannot be reversed. */
export function saleOf(record: LedgerRecord | undefined): Sale | undefined {
  if (record?.outcome.status !== 'accepted' || record.outcome.decision === undefined)
    return undefined;
  const checkout = soldBy(record);
  return checkout && { record, checkout, decision: record.outcome.decision };
}

/** What an accepted checkout, or the capture of a hold, sold; nothing else sells. */
function soldBy({ transaction, sale }: LedgerRecord): Checkout | undefined {
  if (transaction?.kind === 'checkout') return transaction;
  return transaction?.kind === 'capture' ? sale : undefined;
}

export type StepResult =
  | { readonly ok: true; readonly step: Planned }
  | {
      readonly ok: false;
      readonly reason: string;
      readonly path: string;
      readonly message: string;
    };

/** Checks the wanted quantities against what is left of the sale. */
export function planStep(
  sale: Sale,
  known: Reversal | undefined,
  back: Return | Cancel,
): StepResult {
  const { lines } = sale.checkout;
  const before = known?.returned ?? lines.map(() => 0);
  if (known?.complete) {
    return refuse('nothing-left-to-return', '/checkout', 'the whole checkout is back already');
  }
  const wanted = back.kind === 'return' ? back.lines : undefined;
  const after = wanted === undefined ? lines.map((line) => line.quantity) : [...before];
  for (const [position, line] of (wanted ?? []).entries()) {
    const index = lines.findIndex((bought) => bought.id === line.id);
    const bought = lines[index];
    if (!bought) {
      const message = `the checkout has no line \`${line.id}\``;
      return refuse('unknown-line', `/lines/${position}/id`, message);
    }
    const total = (after[index] ?? 0) + line.quantity;
    if (total > bought.quantity) {
      const left = (bought.quantity - (after[index] ?? 0)) / 1000;
      const message = `only ${left} of line \`${line.id}\` is left to return`;
      return refuse('return-exceeds-checkout', `/lines/${position}/quantity`, message);
    }
    after[index] = total as Thousandths; // Bounded by what was bought.
  }
  const completes = lines.every((line, index) => after[index] === line.quantity);
  return { ok: true, step: { sale, before, after, completes } };
}

function refuse(reason: string, path: string, message: string): StepResult {
  return { ok: false, reason, path, message };
}

/** What was bought on a line, so that rows about a return need not look for the sale. */
function goodsOf({ checkout, record }: Sale, index: number): ReturnedGoods {
  const line = must(checkout.lines[index], 'a share without its line');
  const { sku, category, brand = '', partner = record.partner, price } = line;
  return { sku, category: category[0] ?? '', brand, partner, price };
}

/**
 * The discount that goes back, split over who gave it. As in all of a reversal, each part is a
 * difference of cumulative ones, so that all steps together mirror the sale exactly.
 */
function returnedAwards(
  line: LineDecision,
  stands: { readonly was: number; readonly stays: number },
): readonly ReturnedAward[] {
  const given = line.awards.filter((award) => award.applied > 0 && lowersPrice(award.benefit));
  const total = given.reduce((sum, award) => sum + award.applied, 0);
  if (total === 0) return [];
  let until = 0;
  let [was, stays] = [0, 0];
  return given.flatMap(({ promotion, benefit, applied }) => {
    until += applied;
    const [before, after] = [stands.was, stands.stays].map((all) => mulDivFloor(all, until, total));
    const amount = minorUnits((before ?? 0) - was - ((after ?? 0) - stays));
    [was, stays] = [before ?? 0, after ?? 0];
    return amount === 0 ? [] : [{ promotion, benefit, amount }];
  });
}

/** Whether awards of a benefit lower prices. */
export const lowersPrice = (benefit: string): boolean =>
  benefit !== 'points' && benefit !== 'multiply-points' && benefit !== 'top-up';

export function reversalTotals(step: Step): ReversalTotals {
  const { sale, before, after, completes, standing } = step;
  const lines: ReturnedShare[] = [];
  const [stood, stands] = [leftOf(sale, before), leftOf(sale, after)];
  for (const [index, line] of sale.decision.lines.entries()) {
    const back = (share: number): MinorUnits =>
      minorUnits(stood(share, index) - stands(share, index));
    const quantity = (after[index] ?? 0) - (before[index] ?? 0);
    const was = standing.before.discounts[index] ?? 0;
    const stays = standing.after.discounts[index] ?? 0;
    const discount = minorUnits(was - stays);
    if (quantity === 0 && discount === 0) continue;
    const [gross, paidWithPoints] = [back(line.gross), back(line.paidWithPoints)];
    const goods = goodsOf(sale, index);
    const awards = returnedAwards(line, { was, stays });
    lines.push({ line: line.id, quantity, gross, discount, paidWithPoints, goods, awards });
  }
  const nothing: MinorUnits = minorUnits(0);
  const { delivery, deliveryDiscount } = sale.decision.totals;
  return {
    checkout: sale.checkout.id,
    lines,
    // Delivery was one service for all of it: it goes back with the last piece.
    delivery: completes ? delivery : nothing,
    deliveryDiscount: completes ? deliveryDiscount : nothing,
    contributions: returnedContributions(step),
  };
}

function returnedContributions({ sale, standing }: Step): ReturnedContribution[] {
  return sale.decision.contributions.flatMap(({ promotion, partner }, index) => {
    const was = standing.before.contributions[index] ?? 0;
    const amount = minorUnits(was - (standing.after.contributions[index] ?? 0));
    return amount === 0 ? [] : [{ promotion, partner, amount }];
  });
}

/** Takes accrued points back and gives redeemed ones back, as far as the point types allow. */
export function reversePoints(
  posting: PointsBack,
  step: Step,
  refunds: (type: string) => boolean,
): void {
  for (const [index, accrual] of step.sale.decision.accruals.entries()) {
    const was = step.standing.before.accruals[index] ?? 0;
    const back = was - (step.standing.after.accruals[index] ?? 0);
    if (back > 0 && refunds(accrual.type)) revokeAccrual(posting, step, { accrual, back });
  }
  for (const type of new Set(step.sale.decision.redemptions.map((each) => each.type))) {
    if (refunds(type)) giveBackRedemptions(posting, step, type);
  }
}

function revokeAccrual(
  posting: PointsBack,
  step: Step,
  { accrual, back }: { readonly accrual: Accrual; readonly back: number },
): void {
  const { transfers } = step.sale.record;
  const granted = transfers.find(
    (move) =>
      move.movement === 'accrual' &&
      move.unit === accrual.type &&
      move.promotion === accrual.promotion,
  );
  posting.revoke({
    type: accrual.type,
    issuer: accrual.issuer,
    checkout: step.sale.checkout.id,
    promotion: accrual.promotion,
    lot: granted?.lot ?? '',
    points: points(back),
  });
}

/**
 * Each partner gives back what it had accepted for the goods that come back to it, and fills the
 * lots again in the order in which they were emptied.
 */
function giveBackRedemptions(posting: PointsBack, step: Step, type: string): void {
  const { record, checkout } = step.sale;
  const acceptors = checkout.lines.map((line) =>
    acceptedAccount((line.partner ?? record.partner) || undefined),
  );
  for (const acceptor of new Set(acceptors)) {
    const shares = acceptors.map((account, index) =>
      account === acceptor ? redeemedShare(step, type, index) : 0,
    );
    const moves = redemptionsOf(record, type).filter((move) => move.to === acceptor);
    fillAgain(posting, moves, backOf(step, shares));
  }
}

/** How many of the points had come back before this step, and how many come back in it. */
function backOf({ sale, before, after }: Step, shares: readonly number[]) {
  const cumulative = (returned: readonly number[]): number =>
    shares.reduce((sum, share, index) => {
      const bought = sale.checkout.lines[index]?.quantity ?? 1;
      return sum + mulDivFloor(share, returned[index] ?? 0, bought);
    }, 0);
  const earlier = cumulative(before);
  return { earlier, now: cumulative(after) - earlier };
}

function fillAgain(
  posting: PointsBack,
  moves: readonly Transfer[],
  back: { readonly earlier: number; readonly now: number },
): void {
  let skip = back.earlier;
  let left = back.now;
  for (const move of moves) {
    const skipped = Math.min(skip, move.points);
    const amount: Points = points(Math.min(left, move.points - skipped));
    skip -= skipped;
    left -= amount;
    if (amount === 0) continue;
    const { unit: type, promotion, lot, to: acceptor, earnedAt } = move;
    posting.giveBack({ type, points: amount, promotion, lot, acceptor, earnedAt });
  }
}

function redeemedShare(step: Step, type: string, index: number): number {
  return step.sale.decision.redemptions
    .filter((redemption) => redemption.type === type)
    .reduce((sum, redemption) => sum + (redemption.pointShares[index] ?? 0), 0);
}

function redemptionsOf(record: LedgerRecord, type: string): Transfer[] {
  return record.transfers.filter((move) => move.movement === 'redemption' && move.unit === type);
}
