import type { LedgerRecord } from '../../../core/ledger/record.ts';
import { isMembers, type Movement } from '../../../core/ledger/transfer.ts';

/** The figures of one key of the activity, by column name. */
export type Figures = Record<string, bigint>;

const MINUTE_MS = 60_000;

/** The column a movement of points counts in, where it counts. */
const POINT_COLUMNS: { readonly [movement in Movement]: string | undefined } = {
  accrual: 'points_issued',
  'initial-balance': 'points_issued',
  redemption: 'points_redeemed',
  expiry: 'points_expired',
  'accrual-reversal': 'points_taken_back',
  'redemption-reversal': 'points_given_back',
  adjustment: 'points_adjusted',
  maturity: undefined,
  hold: undefined,
  'hold-release': undefined,
  'hold-expiry': undefined,
  'top-up': 'points_adjusted',
  'top-up-reversal': 'points_adjusted',
  'tier-reset': 'points_adjusted',
  'transfer-out': 'points_adjusted',
  'transfer-in': 'points_adjusted',
  'transfer-back': 'points_adjusted',
  merge: 'points_adjusted',
  unmerge: 'points_adjusted',
  forfeit: 'points_adjusted',
  deduction: 'points_adjusted',
  import: 'points_adjusted',
};

/**
 * The activity by a replay of the ledger: slow, obvious, and written from the definition of the
 * columns instead of from the rows, so that it can disagree with the formatters and the views.
 * Only for records whose line awards are all discounts, as the generated ones are.
 */
export function replayActivity(records: Iterable<LedgerRecord>): Map<string, Figures> {
  const activity = new Map<string, Figures>();
  for (const record of records) addRecord(activity, record);
  return activity;
}

function addRecord(activity: Map<string, Figures>, record: LedgerRecord): void {
  const add = (promotion: string, type: string, figure: string, value: number) => {
    const key = keyOf(record, promotion, type);
    const figures = activity.get(key) ?? {};
    figures[figure] = (figures[figure] ?? 0n) + BigInt(value);
    activity.set(key, figures);
  };

  const { outcome, kind } = record;
  if (outcome.status === 'rejected') {
    add('', '', 'rejected', 1);
    return;
  }
  if (['checkout', 'capture', 'return', 'cancel'].includes(kind)) add('', '', 'transactions', 1);
  if (outcome.decision !== undefined && kind !== 'hold') {
    const { totals } = outcome.decision;
    add('', '', 'gross', totals.gross);
    add('', '', 'discount', totals.discount + totals.deliveryDiscount);
  }
  for (const line of outcome.reversal?.lines ?? []) {
    add('', '', 'returned_gross', line.gross);
    add('', '', 'returned_discount', line.discount);
  }
  addPoints(record, add);
  addPromotions(record, add);
}

type Add = (promotion: string, type: string, figure: string, value: number) => void;

function addPoints({ transfers }: LedgerRecord, add: Add): void {
  for (const { movement, unit, points, promotion, from } of transfers) {
    const column = POINT_COLUMNS[movement];
    if (column === undefined) continue;
    // Adjustments go both ways; every other column has one direction.
    const signed = column === 'points_adjusted' && isMembers(from) ? -points : points;
    add('', unit, column, signed);
    if (promotion !== '') add(promotion, unit, column, signed);
  }
}

/** A promotion counts the checkout in the point type of its first award, money before points. */
function addPromotions({ outcome, transfers, kind }: LedgerRecord, add: Add): void {
  if (!['checkout', 'capture'].includes(kind) || outcome.status === 'rejected') return;
  const { decision } = outcome;
  if (decision === undefined) return;
  const first = new Map<string, string>();
  for (const line of decision.lines) {
    for (const { promotion, applied } of line.awards) {
      add(promotion, '', 'discount', applied);
      if (applied !== 0 && !first.has(promotion)) first.set(promotion, '');
    }
  }
  for (const { promotion, unit } of transfers) {
    if (promotion !== '' && !first.has(promotion)) first.set(promotion, unit);
  }
  for (const [promotion, type] of first) {
    add(promotion, type, 'transactions', 1);
    add(promotion, type, 'gross', decision.totals.gross);
  }
}

function keyOf(record: LedgerRecord, promotion: string, type: string): string {
  const minute = new Date(Math.floor(record.occurredAt / MINUTE_MS) * MINUTE_MS);
  const shown = minute.toISOString().slice(0, 19).replace('T', ' ');
  const { region, country, partner, currency, outcome } = record;
  const ruleSet = outcome.ruleSet?.version ?? 0;
  return [shown, region, country, partner, currency, promotion, type, ruleSet].join('|');
}
