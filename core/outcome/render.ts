import type { Accrual, Decision } from '../arbitration/decision.ts';
import { formatInstant } from '../time/instant.ts';
import type {
  Accepted,
  BlockChange,
  Outcome,
  PointsRow,
  ReversalTotals,
  TierChange,
  TopUp,
} from './outcome.ts';

/**
 * Outcomes as the outside sees them, in the shape of `docs/reference/outcomes.md`: plain objects
 * ready for JSON or msgpack. Money stays in minor units; points become decimals of their type.
 */
export type OutcomeJson = Readonly<Record<string, unknown>>;

export function renderOutcome(outcome: Outcome): OutcomeJson {
  if (outcome.status === 'rejected') {
    const { id, status, reason, path, message, ruleSet, sendFor } = outcome;
    const why = ruleSet
      ? { id, status, reason, path, message, ruleSet }
      : { id, status, reason, path, message };
    return sendFor === undefined ? why : { ...why, sendFor };
  }
  if (outcome.reversal) return renderReversal(outcome, outcome.reversal);
  if (outcome.decision) return renderDecision(outcome, outcome.decision);
  return { ...head(outcome), points: outcome.points.map(renderPoints), ...moved(outcome) };
}

/** The recorded outcome again: the status says so, and `recorded` what it was. */
export function renderExisting(outcome: Outcome): OutcomeJson {
  return { ...renderOutcome(outcome), status: 'exists', recorded: statusOf(outcome) };
}

function head(outcome: Accepted): Record<string, unknown> {
  const { id, ruleSet, late, parked, hold, topUps } = outcome;
  const start: Record<string, unknown> = { id, status: statusOf(outcome), ruleSet };
  if (late) start['late'] = late;
  if (parked !== undefined) start['parkedUntil'] = formatInstant(parked);
  if (hold) start['hold'] = { ...hold, until: formatInstant(hold.until) };
  if (topUps) start['topUps'] = renderTopUps(id, topUps);
  return start;
}

/** Their ids are the same however often they are told: whoever sends them on, sends each once. */
export function renderTopUps(transaction: string, topUps: readonly TopUp[]): OutcomeJson[] {
  return topUps.map(({ member, type, precision, points }, index) => ({
    id: topUpId(transaction, index),
    member,
    type,
    points: points / 10 ** precision,
  }));
}

/** Names the top-up at a place in the outcome of a transaction. */
function topUpId(transaction: string, index: number): string {
  return `${transaction}/top-up/${index + 1}`;
}

/** `parked` is an accepted transaction that waits for another one. */
export function statusOf(outcome: Outcome): 'accepted' | 'rejected' | 'parked' {
  return outcome.status === 'accepted' && outcome.parked !== undefined ? 'parked' : outcome.status;
}

/** What only some transactions have: tiers that moved, and the details of their kind. */
function moved({ tiers, details }: Accepted): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  if (tiers.length > 0) shown['tiers'] = tiers.map(renderTier);
  if (details.size > 0) shown['details'] = Object.fromEntries(details);
  return shown;
}

function renderTier({ member, group, before, after, until }: TierChange): OutcomeJson {
  const shown = until === undefined ? null : formatInstant(until);
  return { group, member, before: before || null, after: after || null, until: shown };
}

function renderDecision(outcome: Accepted, decision: Decision): OutcomeJson {
  return {
    ...head(outcome),
    totals: decision.totals,
    // Lines and awards are shown as they were decided, and as the ledger keeps them.
    lines: decision.lines,
    delivery: { awards: decision.deliveryAwards },
    points: outcome.points.map(renderPoints),
    accruals: decision.accruals.map((accrual) => renderAccrual(accrual, outcome.points)),
    contributions: decision.contributions,
    ...(outcome.blocks ? { partners: outcome.blocks.map(renderBlock) } : {}),
    texts: decision.texts,
    codes: decision.codes,
    notApplied: decision.notApplied,
    ...moved(outcome),
  };
}

/** A prepaid partner's block in minor units, which may have decimals. */
function renderBlock({ partner, before, deducted, after }: BlockChange): OutcomeJson {
  const block = { before: before / 1000, deducted: deducted / 1000, after: after / 1000 };
  return { id: partner, block };
}

/** Points by promotion, as decimals of their type where the answer says which those are. */
function renderAccrual(accrual: Accrual, rows: readonly PointsRow[]): OutcomeJson {
  const { promotion, benefit, type, credit, issuer } = accrual;
  const scale = 10 ** (rows.find((row) => row.type === type)?.precision ?? 0);
  return {
    promotion,
    benefit,
    type,
    requested: accrual.requested / scale,
    points: accrual.points / scale,
    credit: credit.kind === 'at' ? { at: formatInstant(credit.at) } : credit.kind,
    issuer: issuer ?? null,
  };
}

/** A reversal mirrors the sale: what goes back has a negative sign. */
function renderReversal(outcome: Accepted, reversal: ReversalTotals): OutcomeJson {
  const { checkout, lines, delivery, deliveryDiscount } = reversal;
  const sum = (of: 'gross' | 'discount' | 'paidWithPoints'): number =>
    lines.reduce((total, line) => total + line[of], 0);
  const [gross, discount, paid] = [sum('gross'), sum('discount'), sum('paidWithPoints')];
  return {
    ...head(outcome),
    checkout,
    totals: {
      gross: minus(gross),
      discount: minus(discount),
      delivery: minus(delivery),
      deliveryDiscount: minus(deliveryDiscount),
      paidWithPoints: minus(paid),
      payable: minus(gross - discount + delivery - deliveryDiscount - paid),
    },
    lines: lines.map((line) => ({
      id: line.line,
      quantity: minus(line.quantity / 1000),
      gross: minus(line.gross),
      discount: minus(line.discount),
      net: minus(line.gross - line.discount),
      paidWithPoints: minus(line.paidWithPoints),
    })),
    points: outcome.points.map(renderPoints),
    ...returnedContributions(reversal),
    ...moved(outcome),
  };
}

function returnedContributions({ contributions }: ReversalTotals): Record<string, unknown> {
  if (contributions.length === 0) return {};
  const back = contributions.map((each) => ({ ...each, amount: minus(each.amount) }));
  return { contributions: back };
}

/** Negated, without the negative zero that JSON readers would stumble over. */
function minus(value: number): number {
  return value === 0 ? 0 : -value;
}

function renderPoints(row: PointsRow): OutcomeJson {
  const scale = 10 ** row.precision;
  const rare: Record<string, number> = {};
  if (row.held !== 0) rare['held'] = row.held / scale;
  if (row.toppedUp !== 0) rare['toppedUp'] = row.toppedUp / scale;
  return {
    type: row.type,
    before: row.before / scale,
    redeemed: row.redeemed / scale,
    accrued: row.accrued / scale,
    pending: row.pending / scale,
    expired: row.expired / scale,
    adjusted: row.adjusted / scale,
    ...rare,
    after: row.after / scale,
  };
}
