import { type Instant, type Points, points } from '../money/units.ts';
import type { Adjustment, Enrolment } from '../transaction/transaction.ts';
import { available } from './lots.ts';
import { type Member, memberDue, newMember } from './member.ts';
import { Posting } from './posting.ts';
import type { LedgerState, Moment } from './state.ts';
import { accepted, NOWHERE, rejected, type Verdict } from './verdict.ts';

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
  state.putMember(member);
  const where = {
    ...NOWHERE,
    store: enrolment.store ?? '',
    region: place?.region ?? '',
    country: place?.country ?? '',
    partner: place?.partner ?? '',
  };
  return accepted({ points: posting.rows(), transfers: posting.transfers, where });
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
  const type = tree.pointTypes.get(adjustment.type);
  if (!type) {
    const message = `the rule set has no point type \`${adjustment.type}\``;
    return rejected('unknown-point-type', '/type', message);
  }
  const amount = scaled(adjustment.amount, type.precision);
  if (amount === undefined || amount === 0) {
    const message = `write points with at most ${type.precision} decimals, and not 0`;
    return rejected('too-many-decimals', '/amount', message);
  }
  const member = memberToSettle(state, adjustment.member, moment.acceptedAt);
  if (!member) {
    return rejected('unknown-member', '/member', `no member \`${adjustment.member}\``);
  }
  const posting = new Posting({ member, tree, at: moment.acceptedAt, zone: tree.zone });
  // What matured meanwhile can be taken, whether a tick has booked it or not.
  posting.settle();
  const account = member.accounts.get(adjustment.type);
  const spendable = account ? available(account, moment.acceptedAt) : 0;
  if (-amount > spendable) {
    const message = 'the member has fewer spendable points than that';
    return rejected('insufficient-points', '/amount', message);
  }
  posting.adjust(adjustment.type, amount);
  state.putMember(member);
  return accepted({ points: posting.rows(), transfers: posting.transfers });
}

/** A member whom settling would change comes as a copy: a refusal must not leave a trace. */
function memberToSettle(state: LedgerState, id: string, at: Instant): Member | undefined {
  const stored = state.member(id);
  const due = stored && memberDue(stored);
  return due !== undefined && due <= at ? state.memberCopy(id) : stored;
}

/** Points as written → integer steps of 10^-precision, or `undefined` if they do not fit. */
export function scaled(amount: number, precision: number): Points | undefined {
  const steps = Math.round(amount * 10 ** precision);
  // Written with more decimals than the type has, or beyond what integers hold exactly.
  const fits = Number.isSafeInteger(steps) && Math.abs(steps / 10 ** precision - amount) < 1e-9;
  return fits ? points(steps) : undefined;
}
