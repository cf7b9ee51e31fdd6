import type {
  Accrual,
  Decision,
  LineAward,
  LineDecision,
  Totals,
} from '../arbitration/decision.ts';
import type { JsonWriter } from '../layout/json-writer.ts';
import type { Accepted, Outcome, PointsRow } from './outcome.ts';
import { renderAccrual, renderOutcome } from './render.ts';

/**
 * Writes what `JSON.stringify(renderOutcome(outcome))` says, byte for byte. Accepted checkouts
 * are most of what is answered and their answers are long, so they are written as they are read;
 * everything else goes the way of `render.ts`, which stays the place that says how it looks.
 */
export function writeOutcome(to: JsonWriter, outcome: Outcome): void {
  if (outcome.status === 'accepted' && outcome.decision && isPlain(outcome)) {
    writeSale(to, outcome, outcome.decision);
  } else {
    to.value(renderOutcome(outcome));
  }
}

/** True when there is nothing that only some checkouts have. */
function isPlain(outcome: Accepted): boolean {
  const { late, parked, hold, topUps, tiers, details, blocks, reversal } = outcome;
  if (late || hold || topUps || blocks || reversal || parked !== undefined) return false;
  return tiers.length === 0 && details.size === 0;
}

function writeSale(to: JsonWriter, outcome: Accepted, decision: Decision): void {
  to.raw('{"id":');
  to.text(outcome.id);
  to.raw(',"status":"accepted","ruleSet":{"version":');
  to.number(outcome.ruleSet.version);
  to.raw(',"hash":');
  to.text(outcome.ruleSet.hash);
  to.raw('},"totals":');
  writeTotals(to, decision.totals);
  to.raw(',"lines":');
  writeList(to, decision.lines, writeLine);
  to.raw(',"delivery":{"awards":');
  writeList(to, decision.deliveryAwards, writeAward);
  to.raw('},"points":');
  writeList(to, outcome.points, writePoints);
  to.raw(',"accruals":');
  writeAccruals(to, decision.accruals, outcome.points);
  to.raw(',"contributions":');
  writeList(to, decision.contributions, writeContribution);
  to.raw(',"texts":');
  writeList(to, decision.texts, writeText);
  to.raw(',"codes":');
  if (decision.codes.length === 0) to.raw('[]');
  else to.value(decision.codes);
  to.raw(',"notApplied":');
  writeList(to, decision.notApplied, writeNotApplied);
  to.raw('}');
}

function writeList<T>(
  to: JsonWriter,
  list: readonly T[],
  write: (to: JsonWriter, each: T) => void,
): void {
  to.raw('[');
  for (let i = 0; i < list.length; i += 1) {
    const each = list[i];
    if (i > 0) to.raw(',');
    if (each !== undefined) write(to, each);
  }
  to.raw(']');
}

function writeTotals(to: JsonWriter, totals: Totals): void {
  to.raw('{"gross":');
  to.number(totals.gross);
  to.raw(',"discount":');
  to.number(totals.discount);
  to.raw(',"delivery":');
  to.number(totals.delivery);
  to.raw(',"deliveryDiscount":');
  to.number(totals.deliveryDiscount);
  to.raw(',"paidWithPoints":');
  to.number(totals.paidWithPoints);
  to.raw(',"payable":');
  to.number(totals.payable);
  to.raw('}');
}

function writeLine(to: JsonWriter, line: LineDecision): void {
  to.raw('{"id":');
  to.text(line.id);
  to.raw(',"gross":');
  to.number(line.gross);
  to.raw(',"discount":');
  to.number(line.discount);
  to.raw(',"net":');
  to.number(line.net);
  to.raw(',"paidWithPoints":');
  to.number(line.paidWithPoints);
  to.raw(',"awards":');
  writeList(to, line.awards, writeAward);
  to.raw('}');
}

function writeAward(to: JsonWriter, award: LineAward): void {
  to.raw('{"promotion":');
  to.text(award.promotion);
  to.raw(',"benefit":');
  to.text(award.benefit);
  to.raw(',"requested":');
  to.number(award.requested);
  to.raw(',"applied":');
  to.number(award.applied);
  to.raw('}');
}

function writePoints(to: JsonWriter, row: PointsRow): void {
  const scale = 10 ** row.precision;
  to.raw('{"type":');
  to.text(row.type);
  to.raw(',"before":');
  to.number(row.before / scale);
  to.raw(',"redeemed":');
  to.number(row.redeemed / scale);
  to.raw(',"accrued":');
  to.number(row.accrued / scale);
  to.raw(',"pending":');
  to.number(row.pending / scale);
  to.raw(',"expired":');
  to.number(row.expired / scale);
  to.raw(',"adjusted":');
  to.number(row.adjusted / scale);
  if (row.held !== 0) {
    to.raw(',"held":');
    to.number(row.held / scale);
  }
  if (row.toppedUp !== 0) {
    to.raw(',"toppedUp":');
    to.number(row.toppedUp / scale);
  }
  to.raw(',"after":');
  to.number(row.after / scale);
  to.raw('}');
}

/** Whose decimals depend on the rows of points beside them. */
function writeAccruals(
  to: JsonWriter,
  accruals: readonly Accrual[],
  rows: readonly PointsRow[],
): void {
  to.raw('[');
  for (let i = 0; i < accruals.length; i += 1) {
    const accrual = accruals[i];
    if (i > 0) to.raw(',');
    if (accrual === undefined) continue;
    if (accrual.credit.kind === 'at') to.value(renderAccrual(accrual, rows));
    else writeAccrual(to, accrual, scaleOf(accrual.type, rows));
  }
  to.raw(']');
}

function scaleOf(type: string, rows: readonly PointsRow[]): number {
  for (const row of rows) if (row.type === type) return 10 ** row.precision;
  return 1;
}

function writeAccrual(to: JsonWriter, accrual: Accrual, scale: number): void {
  to.raw('{"promotion":');
  to.text(accrual.promotion);
  to.raw(',"benefit":');
  to.text(accrual.benefit);
  to.raw(',"type":');
  to.text(accrual.type);
  to.raw(',"requested":');
  to.number(accrual.requested / scale);
  to.raw(',"points":');
  to.number(accrual.points / scale);
  to.raw(',"credit":');
  to.text(accrual.credit.kind);
  to.raw(',"issuer":');
  if (accrual.issuer === undefined) to.raw('null');
  else to.text(accrual.issuer);
  to.raw('}');
}

function writeContribution(to: JsonWriter, each: Decision['contributions'][number]): void {
  to.raw('{"promotion":');
  to.text(each.promotion);
  to.raw(',"partner":');
  to.text(each.partner);
  to.raw(',"amount":');
  to.number(each.amount);
  to.raw('}');
}

function writeText(to: JsonWriter, each: Decision['texts'][number]): void {
  to.raw('{"promotion":');
  to.text(each.promotion);
  to.raw(',"text":');
  to.text(each.text);
  to.raw('}');
}

function writeNotApplied(to: JsonWriter, each: Decision['notApplied'][number]): void {
  to.raw('{"promotion":');
  to.text(each.promotion);
  to.raw(',"reason":');
  to.text(each.reason);
  to.raw('}');
}
