import type { Accrual, Decision } from '../arbitration/decision.ts';
import { must } from '../assert.ts';
import {
  type MinorUnits,
  minorUnits,
  type Points,
  points,
  type Thousandths,
} from '../money/units.ts';
import type { ReturnedShare, ReversalTotals } from '../outcome/outcome.ts';
import type { Cancel, Checkout, Return } from '../transaction/transaction.ts';
import type { Posting } from './posting.ts';
import type { LedgerRecord } from './record.ts';
import type { Reversal } from './state.ts';
import type { Transfer } from './transfer.ts';

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
export interface Step {
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
  | { readonly ok: true; readonly step: Step }
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

/** The part of one line's share that this step brings back. */
function partOf(step: Step, index: number, share: number): number {
  const bought = must(step.sale.checkout.lines[index], 'a share without its line').quantity;
  const cumulative = (returned: number): number => mulDivFloor(share, returned, bought);
  return cumulative(step.after[index] ?? 0) - cumulative(step.before[index] ?? 0);
}

/** `⌊a × b ÷ c⌋` without losing digits beyond 2^53. `a` ≥ 0, 0 ≤ `b` ≤ `c`. */
function mulDivFloor(a: number, b: number, c: number): number {
  if (b === c) return a;
  if (b === 0) return 0;
  const product = a * b;
  if (Number.isSafeInteger(product)) return Math.floor(product / c);
  return Number((BigInt(a) * BigInt(b)) / BigInt(c));
}

function sumParts(step: Step, shares: readonly number[]): number {
  return shares.reduce((sum, share, index) => sum + partOf(step, index, share), 0);
}

export function reversalTotals(step: Step): ReversalTotals {
  const { sale, before, after, completes } = step;
  const lines: ReturnedShare[] = [];
  for (const [index, line] of sale.decision.lines.entries()) {
    const quantity = (after[index] ?? 0) - (before[index] ?? 0);
    if (quantity === 0) continue;
    lines.push({
      line: line.id,
      quantity,
      gross: minorUnits(partOf(step, index, line.gross)),
      discount: minorUnits(partOf(step, index, line.discount)),
      paidWithPoints: minorUnits(partOf(step, index, line.paidWithPoints)),
    });
  }
  const nothing: MinorUnits = minorUnits(0);
  const { delivery, deliveryDiscount } = sale.decision.totals;
  return {
    checkout: sale.checkout.id,
    lines,
    // Delivery was one service for all of it: it goes back with the last piece.
    delivery: completes ? delivery : nothing,
    deliveryDiscount: completes ? deliveryDiscount : nothing,
    contributions: [],
  };
}

/** Takes accrued points back and gives redeemed ones back, as far as the point types allow. */
export function reversePoints(posting: Posting, step: Step, refunds: (type: string) => boolean) {
  for (const accrual of step.sale.decision.accruals) {
    if (refunds(accrual.type)) revokeAccrual(posting, step, accrual);
  }
  for (const type of new Set(step.sale.decision.redemptions.map((each) => each.type))) {
    if (refunds(type)) giveBackRedemptions(posting, step, type);
  }
}

function revokeAccrual(posting: Posting, step: Step, accrual: Accrual): void {
  const back = sumParts(step, accrual.shares);
  if (back === 0) return;
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

/** Fills the lots again in the order in which they were emptied. */
function giveBackRedemptions(posting: Posting, step: Step, type: string): void {
  const shares = step.sale.checkout.lines.map((_, index) => redeemedShare(step, type, index));
  const cumulative = (returned: readonly number[]): number =>
    shares.reduce((sum, share, index) => {
      const bought = step.sale.checkout.lines[index]?.quantity ?? 1;
      return sum + mulDivFloor(share, returned[index] ?? 0, bought);
    }, 0);
  let skip = cumulative(step.before);
  let left = cumulative(step.after) - skip;
  for (const move of redemptionsOf(step.sale.record, type)) {
    const skipped = Math.min(skip, move.points);
    const back = Math.min(left, move.points - skipped);
    skip -= skipped;
    left -= back;
    if (back === 0) continue;
    const amount: Points = points(back);
    const { promotion, lot, to: acceptor } = move;
    posting.giveBack({ type, points: amount, promotion, lot, acceptor });
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
