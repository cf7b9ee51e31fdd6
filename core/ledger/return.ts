import type { ArbitrationTree } from '../arbitration/tree.ts';
import type { Instant } from '../money/units.ts';
import type { Cancel, Return } from '../transaction/transaction.ts';
import { correctBelongings } from './belongings.ts';
import type { Member } from './member.ts';
import { park } from './parked.ts';
import { PostedBack } from './points-back.ts';
import { openPosting, type Posting } from './posting.ts';
import { sendRelay } from './relay/outgoing.ts';
import { RelayedBack } from './relay/relayed-back.ts';
import { policiesOf, reevaluated, standingBefore, tiedLine } from './return-policy.ts';
import {
  type Planned,
  planStep,
  reversalTotals,
  reversePoints,
  type Sale,
  type Step,
  saleOf,
} from './reversal.ts';
import { frozenStanding, nothingStanding, type Standing } from './standing-shares.ts';
import type { ActiveRuleSet, LedgerState, Moment } from './state.ts';
import { memberCounters } from './track-record.ts';
import { countUsage } from './usage.ts';
import { accepted, rejected, type Verdict, type Whereabouts } from './verdict.ts';

/** Applies a return or a cancel: a reversal that names what it reverses. */
export function applyReturn(state: LedgerState, back: Return | Cancel, moment: Moment): Verdict {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', 'activate a rule-set version first');

  const record = state.recorded(back.checkout);
  if (!record && ruleSet.tree.parkReturns > 0) return park(state, back, { moment, ruleSet });
  const sale = saleOf(record);
  if (!sale) {
    const message = `no accepted checkout \`${back.checkout}\` in this partition's ledger`;
    return rejected('unknown-checkout', '/checkout', message);
  }
  const where = whereaboutsOf(sale.record, back);
  if (back.member !== undefined && back.member !== sale.record.member) {
    const message = 'the checkout belongs to another member';
    return rejected('foreign-checkout', '/member', message, where);
  }
  const noted = state.reversal(back.checkout);
  const planned = planStep(sale, noted, back);
  if (!planned.ok) return rejected(planned.reason, planned.path, planned.message, where);

  // Who bought under a version is judged by its policies, as far as it can still be had.
  const tree = state.versionOf(sale.record.outcome.ruleSet)?.tree ?? ruleSet.tree;
  const tied = tiedLine(sale, tree, planned.step);
  if (tied) {
    const message = `\`${tied.promotion}\` joins it with line \`${tied.line}\`: return them together`;
    return rejected('return-group-incomplete', '/lines', message, where);
  }
  const at = moment.acceptedAt;
  const zone = ruleSet.tree.place(sale.record.store)?.zone ?? ruleSet.tree.zone;
  // What expired or matured meanwhile must be visible where the rest is decided again.
  const posting = openPosting(state, sale.record.member, { tree: ruleSet.tree, at, zone });
  const scene = { state, member: posting?.member, now: at, tree, noted: noted?.standing };
  const standing = standingOf(planned.step, scene);
  return reverse(state, {
    ...planned.step,
    standing,
    posting,
    ruleSet,
    moment,
    where,
    cause: back.id,
  });
}

/** The goods come back to a store; the numbers belong to the partner and region of the sale. */
function whereaboutsOf(
  sale: { readonly [Key in keyof Whereabouts]: string },
  back: Return | Cancel,
): Whereabouts {
  const store = back.kind === 'return' ? (back.store ?? sale.store) : sale.store;
  const { region, country, partner, channel, currency } = sale;
  return { store, region, country, partner, channel, currency };
}

/** What of the sale's benefits stood before this step, and what stands after it. */
function standingOf(
  planned: Planned,
  scene: {
    readonly state: LedgerState;
    readonly member: Member | undefined;
    readonly now: Instant;
    readonly tree: ArbitrationTree;
    readonly noted: Standing | undefined;
  },
): Step['standing'] {
  const { sale, after, completes } = planned;
  const before = standingBefore(sale, planned.before, scene.noted);
  if (completes) return { before, after: nothingStanding(sale) };
  const again = decidesAgain(sale, scene.tree);
  const decided = again ? reevaluated(sale, scene.tree, { ...scene, before, after }) : undefined;
  return { before, after: decided ?? frozenStanding(sale, after) };
}

/** Where points lowered prices, prices cannot be decided again without moving them twice. */
function decidesAgain(sale: Sale, tree: ArbitrationTree): boolean {
  if (!policiesOf(sale, tree).has('reevaluate')) return false;
  return !sale.decision.redemptions.some(({ asDiscount }) => asDiscount);
}

function reverse(
  state: LedgerState,
  scene: Step & {
    readonly posting: Posting | undefined;
    readonly cause: string;
    readonly ruleSet: ActiveRuleSet;
    readonly moment: Moment;
    readonly where: Whereabouts;
  },
): Verdict {
  const { sale, posting, where, completes, standing } = scene;
  if (posting) reverseOn(state, posting, scene);
  if (completes) {
    // The counters of a merged member went with it: they are told, not counted here.
    const member = posting?.member.standing.kind === 'merged' ? undefined : posting?.member;
    countUsage(state, member, { deltas: sale.decision.usage, sign: -1 });
  }
  posting?.keep(state);
  const frozen = frozenStanding(sale, scene.after);
  const note = sameStanding(frozen, standing.after) ? undefined : standing.after;
  const { id: checkout } = sale.checkout;
  state.putReversal({ checkout, returned: scene.after, complete: completes, standing: note });

  const reversal = reversalTotals(scene);
  return accepted({ ...posting?.result(), reversal, where });
}

/** Moves the points on the member, or on the one that it was merged into. */
function reverseOn(
  state: LedgerState,
  posting: Posting,
  scene: Step & {
    readonly cause: string;
    readonly ruleSet: ActiveRuleSet;
    readonly moment: Moment;
  },
): void {
  const { member } = posting;
  const { pointTypes } = scene.ruleSet.tree;
  // A type that is gone from the rule set is treated like one whose refund is switched off.
  const refunds = (type: string): boolean => pointTypes.get(type)?.refund ?? false;
  const { standing } = member;
  if (standing.kind === 'open') reversePoints(new PostedBack(posting), scene, refunds);
  // The points of a closed member are forfeited: a return moves none.
  if (standing.kind !== 'merged') return;
  const back = new RelayedBack(scene.sale.checkout.id);
  reversePoints(back, scene, refunds);
  const { corrections } = back;
  const usage = scene.completes ? memberCounters(scene.sale.decision.usage) : [];
  if (corrections.length === 0 && usage.length === 0) return;
  correctBelongings(state, member.id, { corrections, usage, tree: scene.ruleSet.tree });
  const act = { act: 'correct', member: standing.into, corrections, usage } as const;
  sendRelay(state, scene.moment, { member, to: standing.into, act, cause: scene.cause });
}

function sameStanding(left: Standing, right: Standing): boolean {
  const same = (a: readonly number[], b: readonly number[]): boolean =>
    a.every((value, index) => value === b[index]);
  return (
    same(left.discounts, right.discounts) &&
    same(left.accruals, right.accruals) &&
    same(left.contributions, right.contributions)
  );
}
