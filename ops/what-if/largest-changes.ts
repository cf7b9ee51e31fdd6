import type { Decision } from '../../core/arbitration/decision.ts';
import type { Explanation } from '../../core/arbitration/explain.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { formatInstant } from '../../core/time/instant.ts';

/** Changes that are told one by one. */
export const LARGEST_MAX = 10;

/** What one promotion did to one transaction, before and under the candidate. */
export interface PromotionChange {
  readonly promotion: string;
  readonly discount: { readonly before: number; readonly after: number };
  /** In points, over all types. */
  readonly points: { readonly before: number; readonly after: number };
  /** Why it gave nothing. */
  readonly reason: { readonly before?: string; readonly after?: string };
}

/** One transaction that came out very differently. */
export interface LargeChange {
  readonly id: string;
  readonly kind: string;
  readonly member: string;
  readonly store: string;
  readonly acceptedAt: string;
  readonly currency: string;
  /** In minor units: the discount and the worth of the points that it moved by. */
  readonly worth: number;
  readonly before: Summary;
  readonly after: Summary;
  readonly promotions: readonly PromotionChange[];
  /** How the candidate decided, step by step. */
  readonly explanation?: Explanation;
}

export interface Summary {
  readonly status: 'accepted' | 'rejected';
  readonly reason?: string;
  readonly discount: number;
  readonly payable: number;
}

/** Keeps the largest of many, in order. */
export class LargestChanges {
  #kept: LargeChange[] = [];

  /** True when a change of this worth would be kept. */
  admits(worth: number): boolean {
    const least = this.#kept[LARGEST_MAX - 1];
    return worth > 0 && (least === undefined || worth > least.worth);
  }

  add(change: LargeChange): void {
    if (!this.admits(change.worth)) return;
    this.#kept.push(change);
    this.#kept.sort((a, b) => b.worth - a.worth || (a.id < b.id ? -1 : 1));
    this.#kept.length = Math.min(this.#kept.length, LARGEST_MAX);
  }

  get all(): readonly LargeChange[] {
    return this.#kept;
  }
}

export function describeChange(
  records: { readonly before: LedgerRecord; readonly after: LedgerRecord },
  about: {
    readonly worth: number;
    readonly explanation: Explanation | undefined;
    /** Steps of a point type that make one point. */
    readonly scaleOf: (type: string) => number;
  },
): LargeChange {
  const { before, after } = records;
  const { id, kind, member, store, acceptedAt, currency } = before;
  return {
    id,
    kind,
    member,
    store,
    acceptedAt: formatInstant(acceptedAt),
    currency,
    worth: about.worth,
    before: summaryOf(before),
    after: summaryOf(after),
    promotions: changesOf(decisionOf(before), decisionOf(after), about.scaleOf),
    ...(about.explanation ? { explanation: about.explanation } : {}),
  };
}

function decisionOf({ outcome }: LedgerRecord): Decision | undefined {
  return outcome.status === 'accepted' ? outcome.decision : undefined;
}

function summaryOf({ outcome }: LedgerRecord): Summary {
  if (outcome.status === 'rejected') {
    return { status: 'rejected', reason: outcome.reason, discount: 0, payable: 0 };
  }
  const totals = outcome.decision?.totals;
  const discount = (totals?.discount ?? 0) + (totals?.deliveryDiscount ?? 0);
  return { status: 'accepted', discount, payable: totals?.payable ?? 0 };
}

interface Gave {
  discount: number;
  points: number;
  reason: string | undefined;
}

function changesOf(
  before: Decision | undefined,
  after: Decision | undefined,
  scaleOf: (type: string) => number,
): readonly PromotionChange[] {
  const [old, now] = [gaveOf(before, scaleOf), gaveOf(after, scaleOf)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((promotion) => {
    const [was, is] = [old.get(promotion) ?? NOTHING, now.get(promotion) ?? NOTHING];
    if (was.discount === is.discount && was.points === is.points) return [];
    const change: PromotionChange = {
      promotion,
      discount: { before: was.discount, after: is.discount },
      points: { before: was.points, after: is.points },
      reason: {
        ...(was.reason === undefined ? {} : { before: was.reason }),
        ...(is.reason === undefined ? {} : { after: is.reason }),
      },
    };
    return [change];
  });
}

const NOTHING: Gave = { discount: 0, points: 0, reason: undefined };
const POINT_BENEFITS: ReadonlySet<string> = new Set(['points', 'multiply-points', 'top-up']);

function gaveOf(
  decision: Decision | undefined,
  scaleOf: (type: string) => number,
): ReadonlyMap<string, Gave> {
  const gave = new Map<string, Gave>();
  const of = (promotion: string): Gave => {
    const known = gave.get(promotion) ?? { ...NOTHING };
    gave.set(promotion, known);
    return known;
  };
  const awards = decision?.lines.flatMap((line) => line.awards) ?? [];
  for (const { promotion, benefit, applied } of [...awards, ...(decision?.deliveryAwards ?? [])]) {
    if (!POINT_BENEFITS.has(benefit)) of(promotion).discount += applied;
  }
  for (const { promotion, type, points } of decision?.accruals ?? []) {
    of(promotion).points += points / scaleOf(type);
  }
  for (const { promotion, reason } of decision?.notApplied ?? []) of(promotion).reason = reason;
  return gave;
}
