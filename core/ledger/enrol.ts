import type { ArbitrationTree } from '../arbitration/tree.ts';
import { must } from '../assert.ts';
import { points } from '../money/units.ts';
import type { Adjustment, Enrolment } from '../transaction/transaction.ts';
import { broughtLot } from './brought-lot.ts';
import { type Admitted, guardMove, type Refused } from './guards.ts';
import { newMember } from './member.ts';
import { openPosting, Posting } from './posting.ts';
import type { LedgerState, Moment } from './state.ts';
import { giveBackTopUp } from './top-up-back.ts';
import { accepted, NOWHERE, refusal, rejected, type Verdict } from './verdict.ts';

const PATHS = { type: '/type', amount: '/amount', member: '/member' } as const;
const NO_RULE_SET = 'activate a rule-set version first';

/** Makes a member, with the initial balance of each point type. Enrolling twice is refused. */
export function applyEnrolment(state: LedgerState, enrolment: Enrolment, moment: Moment): Verdict {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', NO_RULE_SET);

  const { tree } = ruleSet;
  const place = enrolment.store === undefined ? undefined : tree.place(enrolment.store);
  if (tree.closedWorld && enrolment.store !== undefined && !place) {
    return rejected('unknown-store', '/store', `the rule set has no store \`${enrolment.store}\``);
  }
  if (state.member(enrolment.member)) {
    const message = `\`${enrolment.member}\` is a member already`;
    return rejected('member-exists', '/member', message);
  }
  const member = newMember(enrolment.member, enrolment.occurredAt ?? moment.acceptedAt);
  member.birthday = enrolment.birthday;
  member.segments = enrolment.segments;
  member.partners = enrolment.partners;
  member.fields = enrolment.fields;

  const zone = place?.zone ?? tree.zone;
  const posting = new Posting({ member, tree, at: moment.acceptedAt, zone });
  for (const type of tree.pointTypes.values()) {
    if (posting.isDeactivated(type.id)) continue;
    posting.accrue({
      type: type.id,
      issuer: undefined,
      promotion: '',
      checkout: enrolment.id,
      points: type.initialBalance,
      credit: { kind: 'at-checkout' },
      movement: 'initial-balance',
    });
  }
  posting.keep(state);
  const where = {
    ...NOWHERE,
    store: enrolment.store ?? '',
    region: place?.region ?? '',
    country: place?.country ?? '',
    partner: place?.partner ?? '',
  };
  return accepted({ ...posting.result(), where });
}

/** Applies a manual movement. It may not take more than there is. */
export function applyAdjustment(
  state: LedgerState,
  adjustment: Adjustment,
  moment: Moment,
): Verdict {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', NO_RULE_SET);

  const { tree } = ruleSet;
  const at = moment.acceptedAt;
  const { amount } = adjustment;
  const posting = openPosting(state, adjustment.member, { tree, at, zone: tree.zone });
  const guarded = guardMove({
    purpose: amount < 0 ? 'correct' : 'give',
    type: adjustment.type,
    amount: Math.abs(amount),
    member: posting?.member,
    tree,
    at,
    paths: PATHS,
  });
  if (!guarded.ok) return refusal(guarded);
  const refused = refuseUnapproved(adjustment, guarded) ?? refusePromotion(adjustment, tree);
  if (refused) return refusal(refused);
  const opened = must(posting, 'guarded');
  const { lot, topUp } = adjustment;
  if (topUp !== undefined) {
    const given = points(Math.sign(amount) * guarded.points);
    const asked = { topUp, type: guarded.type.id, points: given };
    const unfit = giveBackTopUp(state, opened, asked);
    if (unfit) return refusal(unfit);
  } else if (lot) {
    const brought = broughtLot(lot, { amount, at, tree });
    if (!brought.ok) return refusal(brought);
    const earnedAt = brought.earnedAt ?? adjustment.occurredAt ?? at;
    const { issuer, expiresAt } = brought;
    opened.bringIn(guarded.type.id, { issuer, expiresAt, earnedAt, points: guarded.points });
  } else {
    const moved = points(Math.sign(amount) * guarded.points);
    opened.adjust(guarded.type.id, moved, adjustment.promotion);
  }
  opened.keep(state);
  return accepted(opened.result());
}

/** Large movements by hand need two persons (003-76). Imports bring what was there before. */
function refuseUnapproved(
  { author, approvedBy, lot, topUp }: Adjustment,
  { type, points: amount }: Admitted,
): Refused | undefined {
  const isFree = lot === undefined && topUp === undefined;
  const isLarge = type.adjustUpTo !== undefined && amount > type.adjustUpTo && isFree;
  const isApproved = author !== undefined && approvedBy !== undefined && author !== approvedBy;
  if (!isLarge || isApproved) return undefined;
  const message = 'so many points by hand need an `author` and somebody else as `approvedBy`';
  return { ok: false, reason: 'approval-required', path: '/approvedBy', message };
}

/** A movement by hand may be for a promotion that events run (003-76). */
function refusePromotion({ promotion }: Adjustment, tree: ArbitrationTree): Refused | undefined {
  if (promotion === undefined || tree.isTrigger(promotion)) return undefined;
  const message = `the rule set has no trigger promotion \`${promotion}\``;
  return { ok: false, reason: 'unknown-promotion', path: '/promotion', message };
}
