import type { Contribution, LineAward } from '../../core/arbitration/decision.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { Transfer } from '../../core/ledger/transfer.ts';
import type { Accepted } from '../../core/outcome/outcome.ts';

/** True when two courses of events recorded the same: money, points, and who gave them. */
export function sameRecords(
  before: readonly LedgerRecord[],
  after: readonly LedgerRecord[],
): boolean {
  return isSameList(before, after, isSameRecord);
}

function isSameRecord(a: LedgerRecord, b: LedgerRecord): boolean {
  if (!isSameList(a.transfers, b.transfers, isSameTransfer)) return false;
  if (a.outcome.status === 'rejected' || b.outcome.status === 'rejected') {
    return a.outcome.status === b.outcome.status;
  }
  return isSameDecision(a.outcome, b.outcome) && isSameReversal(a.outcome, b.outcome);
}

function isSameDecision({ decision: a }: Accepted, { decision: b }: Accepted): boolean {
  if (!a || !b) return a === b;
  return (
    a.totals.payable === b.totals.payable &&
    a.totals.discount === b.totals.discount &&
    a.totals.deliveryDiscount === b.totals.deliveryDiscount &&
    isSameList(a.deliveryAwards, b.deliveryAwards, isSameAward) &&
    isSameList(a.contributions, b.contributions, isSameContribution) &&
    isSameList(a.lines, b.lines, (x, y) => isSameList(x.awards, y.awards, isSameAward))
  );
}

function isSameReversal({ reversal: a }: Accepted, { reversal: b }: Accepted): boolean {
  if (!a || !b) return a === b;
  return (
    a.deliveryDiscount === b.deliveryDiscount &&
    isSameList(a.contributions, b.contributions, isSameContribution) &&
    isSameList(
      a.lines,
      b.lines,
      (x, y) =>
        x.discount === y.discount &&
        x.paidWithPoints === y.paidWithPoints &&
        isSameList(
          x.awards,
          y.awards,
          (p, q) => p.promotion === q.promotion && p.amount === q.amount,
        ),
    )
  );
}

function isSameTransfer(a: Transfer, b: Transfer): boolean {
  return (
    a.points === b.points &&
    a.movement === b.movement &&
    a.from === b.from &&
    a.to === b.to &&
    a.unit === b.unit &&
    a.promotion === b.promotion
  );
}

function isSameAward(a: LineAward, b: LineAward): boolean {
  return a.promotion === b.promotion && a.applied === b.applied && a.benefit === b.benefit;
}

function isSameContribution(a: Contribution, b: Contribution): boolean {
  return a.promotion === b.promotion && a.partner === b.partner && a.amount === b.amount;
}

function isSameList<T>(
  a: readonly T[],
  b: readonly T[],
  isSame: (left: T, right: T) => boolean,
): boolean {
  if (a.length !== b.length) return false;
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined || !isSame(left, right)) return false;
  }
  return true;
}
