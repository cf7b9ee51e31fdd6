import type { Accrual, Decision } from '../arbitration/decision.ts';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { type Instant, minorUnits, points } from '../money/units.ts';
import type { Trigger } from '../transaction/member-transactions.ts';
import type { Checkout, Fields } from '../transaction/transaction.ts';
import { CLOCK_AHEAD_MAX_MILLISECONDS } from './checkout.ts';
import { Counters } from './counters.ts';
import { MemberView } from './facts.ts';
import { guardOpen } from './guards.ts';
import { available } from './lots.ts';
import { openPosting, type Posting } from './posting.ts';
import type { LedgerState, Moment } from './state.ts';
import { ADJUSTMENT } from './transfer.ts';
import { countUsage, dropOldUsage } from './usage.ts';
import { accepted, NOWHERE, refusal, rejected, type Verdict, type Waiting } from './verdict.ts';

/**
 * An event that is no purchase runs the trigger promotions, and only them (003-26): they give
 * points, or take them as far as they are there (003-27).
 */
export function applyTrigger(
  state: LedgerState,
  trigger: Trigger,
  moment: Moment,
): Verdict | Waiting {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', 'activate a rule-set version first');
  const { tree, version } = ruleSet;
  const place = trigger.store === undefined ? undefined : tree.place(trigger.store);
  if (tree.closedWorld && trigger.store !== undefined && !place) {
    return rejected('unknown-store', '/store', `the rule set has no store \`${trigger.store}\``);
  }
  const at = trigger.occurredAt ?? moment.acceptedAt;
  if (at > moment.acceptedAt + CLOCK_AHEAD_MAX_MILLISECONDS) {
    const message = 'the sender’s clock runs ahead: correct it and send it under a new id';
    return rejected('occurred-in-the-future', '/occurredAt', message);
  }
  const zone = place?.zone ?? tree.zone;
  const posting = openPosting(state, trigger.member, { tree, at: moment.acceptedAt, zone });
  if (!posting) return rejected('unknown-member', '/member', 'enrol the member first');
  const { member } = posting;
  const closed = guardOpen(member, '/member');
  if (closed) return refusal(closed);

  const usage = new Counters({ book: state.budgets, member, version });
  const result = tree.decide({
    checkout: withoutLines(trigger, at),
    member: new MemberView(member, tree, moment.acceptedAt),
    usage,
    event: { fields: eventFields(trigger), points: trigger.value },
    at,
    countedAt: moment.acceptedAt,
  });
  if (!result.ok) {
    const { reason, path } = result.refusal;
    return rejected(reason, path, `the rule set refuses this event: ${reason}`);
  }
  const { decision } = result;
  const refused = refuse(decision, posting, tree);
  if (refused) return refused;
  const short = state.budgets.shortage(decision.usage, usage.termsOf);
  if (short) return { waitsFor: short.budget };

  dropOldUsage(member, moment.acceptedAt);
  for (const accrual of decision.accruals) move(posting, tree, { accrual, event: trigger.id });
  countUsage(state, member, { deltas: decision.usage, sign: 1 });
  posting.keep(state);
  const { store = '', channel = '' } = trigger;
  const { region = '', country = '', partner = '' } = place ?? {};
  const where = { ...NOWHERE, store, channel, region, country, partner };
  return accepted({ ...posting.result(), decision, where });
}

/** To conditions an event is a checkout without lines. */
function withoutLines(trigger: Trigger, occurredAt: Instant): Checkout {
  return {
    kind: 'quote',
    id: trigger.id,
    member: trigger.member,
    card: undefined,
    store: trigger.store,
    partner: undefined,
    channel: trigger.channel,
    occurredAt,
    currency: undefined,
    lines: [],
    delivery: minorUnits(0),
    codes: [],
    pay: undefined,
    tender: undefined,
    location: undefined,
    fields: trigger.fields,
  };
}

function eventFields({ event, fields }: Trigger): Fields {
  return new Map([...fields, ['type', event]]);
}

/** Points outside of the range, and what is not there where the programme is strict. */
function refuse(decision: Decision, posting: Posting, tree: ArbitrationTree): Verdict | undefined {
  const outside = decision.notApplied.find(({ reason }) => reason === 'points-out-of-range');
  if (outside) {
    const message = `\`${outside.promotion}\` does not allow so many points`;
    return rejected('points-out-of-range', '/value', message);
  }
  if (tree.shortBalance !== 'reject') return undefined;
  const wanted = new Map<string, number>();
  for (const { promotion, type, points: amount } of decision.accruals) {
    if (tree.deducts(promotion)) wanted.set(type, (wanted.get(type) ?? 0) + amount);
  }
  for (const [type, amount] of wanted) {
    const account = posting.member.accounts.get(type);
    if (account && amount <= available(account, posting.at)) continue;
    const message = `the member has fewer points of \`${type}\` than would be taken`;
    return rejected('insufficient-points', '', message);
  }
  return undefined;
}

function move(
  posting: Posting,
  tree: ArbitrationTree,
  { accrual, event }: { readonly accrual: Accrual; readonly event: string },
): void {
  const { promotion, type } = accrual;
  if (!tree.deducts(promotion)) {
    posting.accrue({ ...accrual, checkout: event });
    return;
  }
  const account = posting.account(type);
  const spendable = available(account, posting.at);
  const isShort = accrual.points > spendable;
  const taken = isShort && tree.shortBalance === 'skip' ? 0 : Math.min(accrual.points, spendable);
  if (taken === 0) return;
  posting.row(type).adjusted -= taken;
  const spend = { points: points(taken), to: ADJUSTMENT, promotion };
  posting.debit(account, { ...spend, movement: 'deduction' });
}
