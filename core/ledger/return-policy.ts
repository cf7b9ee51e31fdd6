import type { LineAward, Usage, UsageDelta, UsageView } from '../arbitration/decision.ts';
import type { ArbitrationTree, ReturnPolicy } from '../arbitration/tree.ts';
import { type Instant, minorUnits, thousandths } from '../money/units.ts';
import type { Checkout } from '../transaction/transaction.ts';
import { Counters } from './counters.ts';
import { MemberView } from './facts.ts';
import type { Member } from './member.ts';
import type { Sale } from './reversal.ts';
import {
  allStanding,
  frozenStanding,
  grantedBy,
  leftOf,
  mulDivFloor,
  nothingStanding,
  type Standing,
  sum,
} from './standing-shares.ts';
import type { LedgerState } from './state.ts';
import { addUsage } from './usage.ts';

/**
 * What a rule set may say about partial returns (003-77): each unit gives its frozen shares back
 * (`keep`); the rest of the basket is decided again and the difference is taken back
 * (`reevaluate`); lines that a promotion joined come back together or not at all
 * (`return-group`).
 */
export type { ReturnPolicy };

/** The policies of the promotions that gave something in this sale. */
export function policiesOf(sale: Sale, tree: ArbitrationTree): ReadonlySet<ReturnPolicy> {
  return new Set([...promotionsOf(sale)].map((promotion) => tree.returnPolicyOf(promotion)));
}

function promotionsOf(sale: Sale): ReadonlySet<string> {
  const { lines, accruals, deliveryAwards } = sale.decision;
  const awards = [...lines.flatMap((line) => line.awards), ...deliveryAwards];
  const gave = awards.filter(({ applied }) => applied > 0).map(({ promotion }) => promotion);
  return new Set([...gave, ...accruals.map(({ promotion }) => promotion)]);
}

/**
 * The first line that a `return-group` promotion ties to what is brought back, and that is not
 * brought back in full; `undefined` when the step may be done.
 */
export function tiedLine(
  sale: Sale,
  tree: ArbitrationTree,
  step: { readonly before: readonly number[]; readonly after: readonly number[] },
): { readonly line: string; readonly promotion: string } | undefined {
  for (const promotion of promotionsOf(sale)) {
    if (tree.returnPolicyOf(promotion) !== 'return-group') continue;
    const group = linesOf(sale, promotion);
    const touched = group.some((line) => (step.after[line] ?? 0) > (step.before[line] ?? 0));
    if (!touched) continue;
    const missing = group.find((line) => step.after[line] !== sale.checkout.lines[line]?.quantity);
    const id = missing === undefined ? undefined : sale.checkout.lines[missing]?.id;
    if (id !== undefined) return { line: id, promotion };
  }
  return undefined;
}

/** The lines on which a promotion gave something. */
function linesOf(sale: Sale, promotion: string): readonly number[] {
  const by = (award: LineAward): boolean => award.promotion === promotion && award.applied > 0;
  const earning = sale.decision.accruals.filter((accrual) => accrual.promotion === promotion);
  return [...sale.decision.lines.keys()].filter(
    (line) =>
      sale.decision.lines[line]?.awards.some(by) ||
      earning.some(({ shares }) => (shares[line] ?? 0) > 0),
  );
}

/** What stood before a step: noted by the last one, or what nothing has been taken from yet. */
export function standingBefore(
  sale: Sale,
  returned: readonly number[],
  noted: Standing | undefined,
): Standing {
  if (noted) return noted;
  return returned.every((each) => each === 0) ? allStanding(sale) : frozenStanding(sale, returned);
}

/** Decides the rest of the basket again, as it was decided then, and says what of it stands. */
export function reevaluated(
  sale: Sale,
  tree: ArbitrationTree,
  scene: {
    readonly state: LedgerState;
    /** With all booked that time alone has changed up to `now`. */
    readonly member: Member | undefined;
    readonly now: Instant;
    readonly before: Standing;
    readonly after: readonly number[];
  },
): Standing | undefined {
  const { state, member, now, before, after } = scene;
  const rest = restOf(sale, after);
  if (rest.lines.length === 0) return nothingStanding(sale);
  const at = boughtAt(sale);
  // Balances, like limits, are those of processing (K17): what they were then nobody kept.
  const view = member && new WithoutSale(sale, member, { tree, now });
  // Nothing is spent by this: budgets are read under the terms that they have.
  const counters = new Counters({ book: state.budgets, member, version: 0 });
  const usage = withoutOwn(counters, sale);
  const countedAt = countedAtOf(state, sale);
  const result = tree.decide({ checkout: rest, member: view, usage, at, countedAt });
  if (!result.ok) return undefined;

  const { decision } = result;
  const left = leftOf(sale, after);
  const found = new Map(decision.lines.map((line) => [line.id, line]));
  const discounts = sale.decision.lines.map((line, index) => {
    const payable = left(line.gross, index) - left(line.paidWithPoints, index);
    return Math.min(found.get(line.id)?.discount ?? 0, payable);
  });
  // No return gives points: what the rest would earn now is at most what stood.
  const accruals = sale.decision.accruals.map(({ promotion, type, benefit }, index) => {
    const now = decision.accruals.find(
      (each) => each.promotion === promotion && each.type === type && each.benefit === benefit,
    );
    return Math.min(now?.points ?? 0, before.accruals[index] ?? 0);
  });
  const contributions = sale.decision.contributions.map(({ promotion, amount }, index) => {
    const total = sum(sale.decision.lines.map(({ awards }) => grantedBy(promotion, awards)));
    const now = sum(decision.lines.map(({ awards }) => grantedBy(promotion, awards)));
    const stands = total === 0 ? 0 : mulDivFloor(amount, Math.min(now, total), total);
    return Math.min(stands, before.contributions[index] ?? 0);
  });
  return { discounts, accruals, contributions };
}

/** The checkout as if only the rest had been bought; what points paid is settled by shares. */
function restOf(sale: Sale, returned: readonly number[]): Checkout {
  const left = leftOf(sale, returned);
  const lines = sale.checkout.lines.flatMap((line, index) => {
    const quantity = line.quantity - (returned[index] ?? 0);
    if (quantity === 0) return [];
    const gross = minorUnits(left(line.gross, index));
    return [{ ...line, quantity: thousandths(quantity), gross }];
  });
  return { ...sale.checkout, kind: 'quote', lines, pay: undefined };
}

const boughtAt = ({ checkout, record }: Sale): Instant => checkout.occurredAt ?? record.occurredAt;

/** When the limits counted the sale; those of a captured hold counted the hold. */
function countedAtOf(state: LedgerState, { record }: Sale): Instant {
  const { transaction, acceptedAt } = record;
  if (transaction?.kind !== 'capture') return acceptedAt;
  return state.recorded(transaction.hold)?.acceptedAt ?? acceptedAt;
}

/** The member as of now, without the purchase in question. */
class WithoutSale extends MemberView {
  readonly #sale: Sale;

  constructor(
    sale: Sale,
    member: Member,
    { tree, now }: { readonly tree: ArbitrationTree; readonly now: Instant },
  ) {
    super(member, tree, now);
    this.#sale = sale;
  }

  override get checkouts(): number {
    return Math.max(0, super.checkouts - 1);
  }

  /** The days that are asked for end with the day of the purchase, so it is among them. */
  override history(metric: 'purchases' | 'spend', days: number, at: Instant): number {
    const own = metric === 'purchases' ? 1 : this.#sale.decision.totals.payable;
    return Math.max(0, super.history(metric, days, at) - own);
  }
}

/** What the sale itself consumed of its limits does not stand in the way of its rest. */
function withoutOwn(view: UsageView, sale: Sale): UsageView {
  const own = new Map(sale.decision.usage.map((delta) => [`${delta.scope} ${delta.key}`, delta]));
  const changed = (usage: Usage, delta: UsageDelta | undefined, sign: 1 | -1): Usage =>
    delta ? addUsage({ ...usage, until: undefined }, delta, sign) : usage;
  return {
    member: (key) => {
      const used = view.member(key);
      return used && changed(used, own.get(`member ${key}`), -1);
    },
    budget: (key, limits) => {
      const left = view.budget(key, limits);
      return { ...changed(left, own.get(`programme ${key}`), 1), why: left.why };
    },
  };
}
