import type { Decision } from '../arbitration/decision.ts';
import type { ArbitrationTree, Place } from '../arbitration/tree.ts';
import { ANY_CURRENCY } from '../money/currency.ts';
import { type Instant, instant } from '../money/units.ts';
import type { HoldState } from '../outcome/outcome.ts';
import type { Checkout, HoldRequest } from '../transaction/transaction.ts';
import { Counters } from './counters.ts';
import { MemberView } from './facts.ts';
import { guardOpen, type Refused } from './guards.ts';
import { HOLDS_PER_MEMBER_MAX, reserve } from './hold.ts';
import { guardCard, identify } from './identify.ts';
import { type Member, memberDue, newMember, noteCheckout } from './member.ts';
import { matchParked } from './parked.ts';
import { useBlocks } from './partner-blocks.ts';
import { Posting } from './posting.ts';
import { spendsOf } from './spends.ts';
import type { ActiveRuleSet, LedgerState, Moment } from './state.ts';
import { countUsage, dropOldUsage } from './usage.ts';
import {
  accepted,
  refusal,
  rejected,
  type Verdict,
  type Waiting,
  type Whereabouts,
} from './verdict.ts';

/** How far a till's clock may run ahead before its claim is refused. */
export const CLOCK_AHEAD_MAX_MILLISECONDS = 5 * 60_000;

interface Scene {
  readonly checkout: Checkout;
  /** The hold that the checkout is for, when it is not final yet. */
  readonly hold: HoldRequest | undefined;
  readonly ruleSet: ActiveRuleSet;
  readonly moment: Moment;
  readonly occurredAt: Instant;
  readonly where: Whereabouts;
  readonly zone: string;
  readonly late: boolean;
}

/**
 * Decides a checkout and posts its points. A quote is the same on a copy of the member: nothing
 * of it is kept. The order of the guards is part of the contract: the first broken one is named.
 */
export function applyCheckout(
  state: LedgerState,
  checkout: Checkout,
  moment: Moment,
): Verdict | Waiting {
  return decideCheckout(state, { checkout, moment, hold: undefined });
}

/** Decides a checkout that is not final yet, and reserves what it needs. */
export function applyHold(
  state: LedgerState,
  hold: HoldRequest,
  moment: Moment,
): Verdict | Waiting {
  return decideCheckout(state, { checkout: hold.checkout, moment, hold });
}

function decideCheckout(
  state: LedgerState,
  given: Pick<Scene, 'checkout' | 'moment' | 'hold'>,
): Verdict | Waiting {
  const { checkout, moment } = given;
  const occurredAt = checkout.occurredAt ?? moment.acceptedAt;
  const ruleSet = ruleSetFor(state, occurredAt, moment.acceptedAt);
  if (!ruleSet) return rejected('no-active-rule-set', '', 'activate a rule-set version first');

  const { tree } = ruleSet;
  const place = checkout.store === undefined ? undefined : tree.place(checkout.store);
  const where = whereabouts(checkout, place);
  const refusal = refuse(tree, checkout, place);
  if (refusal) return rejected(refusal.reason, refusal.path, refusal.message, where);
  if (occurredAt > moment.acceptedAt + CLOCK_AHEAD_MAX_MILLISECONDS) {
    const message = 'the till’s clock runs ahead: correct it and send a new transaction';
    return rejected('occurred-in-the-future', '/occurredAt', message, where);
  }
  const late = moment.acceptedAt - occurredAt > tree.lateAfter;
  const zone = place?.zone ?? tree.zone;
  return decide(state, { ...given, ruleSet, occurredAt, where, zone, late });
}

/** A late receipt is decided by the version that was active when it was bought (K17). */
function ruleSetFor(
  state: LedgerState,
  occurredAt: Instant,
  acceptedAt: Instant,
): ActiveRuleSet | undefined {
  const active = state.active();
  if (!active || acceptedAt - occurredAt <= active.tree.lateAfter) return active;
  return state.activeAt(occurredAt) ?? active;
}

function whereabouts(checkout: Checkout, place: Place | undefined): Whereabouts {
  return {
    store: checkout.store ?? '',
    region: place?.region ?? '',
    country: place?.country ?? '',
    partner: checkout.partner ?? place?.partner ?? '',
    channel: checkout.channel ?? '',
    currency: place?.currency ?? '',
  };
}

function refuse(
  tree: ArbitrationTree,
  checkout: Checkout,
  place: Place | undefined,
): { reason: string; path: string; message: string } | undefined {
  const currency = place?.currency ?? tree.currency;
  const isOther = checkout.currency !== undefined && checkout.currency !== currency;
  if (isOther && currency !== ANY_CURRENCY) {
    const message = `amounts are in ${currency} here`;
    return { reason: 'wrong-currency', path: '/currency', message };
  }
  if (tree.closedWorld && checkout.store !== undefined && !place) {
    const message = `the rule set has no store \`${checkout.store}\`: add it to places or correct it`;
    return { reason: 'unknown-store', path: '/store', message };
  }
  if (tree.closedWorld && checkout.partner !== undefined && !tree.hasPartner(checkout.partner)) {
    const message = `the rule set has no partner \`${checkout.partner}\``;
    return { reason: 'unknown-partner', path: '/partner', message };
  }
  for (let at = 0; tree.closedWorld && at < checkout.lines.length; at += 1) {
    const partner = checkout.lines[at]?.partner;
    if (partner === undefined || tree.hasPartner(partner)) continue;
    const message = `the rule set has no partner \`${partner}\``;
    return { reason: 'unknown-partner', path: `/lines/${at}/partner`, message };
  }
  return undefined;
}

function decide(state: LedgerState, scene: Scene): Verdict | Waiting {
  const { checkout, ruleSet, moment, where, zone } = scene;
  const member = memberOf(state, scene);
  if (checkout.member !== undefined && !member) {
    const message = `no member \`${checkout.member}\`: enrol the member first`;
    return rejected('unknown-member', '/member', message, where);
  }
  const closed = member && refuseMember(member, scene);
  if (closed) return refusal(closed, where);
  if (checkout.card !== undefined) {
    // A card alone came to the card's partition, which only says whose it is.
    const card = member ? guardCard(member, checkout) : identify(state, checkout.card);
    if (card) return refusal(card, where);
  }

  const { tree } = ruleSet;
  const posting = member && new Posting({ member, tree, at: moment.acceptedAt, zone });
  // What expired or matured meanwhile must be visible to the decision; it is booked with it.
  posting?.settle();
  const usage = new Counters({ book: state.budgets, member, version: ruleSet.version });
  const result = tree.decide({
    checkout,
    member: member && new MemberView(member, tree, moment.acceptedAt),
    usage,
    at: scene.occurredAt,
    countedAt: moment.acceptedAt,
  });
  if (!result.ok) {
    const message = `the rule set refuses this checkout: ${result.refusal.reason}`;
    return rejected(result.refusal.reason, result.refusal.path, message, where);
  }
  const blocks = useBlocks(tree, result.decision, usage);
  if (!blocks.ok) return rejected(...blockExhausted(blocks.partner), where);
  const decision =
    blocks.usage.length === 0
      ? result.decision
      : { ...result.decision, usage: [...result.decision.usage, ...blocks.usage] };
  if (checkout.kind === 'checkout') {
    // Before anything is booked: a checkout that waits leaves no trace on its member.
    const short = state.budgets.shortage(decision.usage, usage.termsOf);
    if (short) return { waitsFor: short.budget };
  }
  const hold = posting && post(posting, scene, decision);
  if (checkout.kind === 'checkout') {
    countUsage(state, member, { deltas: decision.usage, sign: 1 });
    posting?.keep(state);
    if (state.waiting.parked > 0) matchParked(state, checkout.id);
  }
  const { points, transfers, topUps, tiers } = posting?.result() ?? NOTHING_BOOKED;
  return accepted({
    points,
    transfers,
    topUps,
    tiers,
    late: scene.late,
    ruleSet: { version: ruleSet.version, hash: ruleSet.hash },
    decision,
    hold,
    blocks: blocks.changes.length === 0 ? undefined : blocks.changes,
    where,
  });
}

function blockExhausted(partner: string): [reason: string, path: string, message: string] {
  const message = `the prepaid points of partner \`${partner}\` are used up: top its block up`;
  return ['partner-block-exhausted', '', message];
}

function refuseMember(member: Member, { hold }: Scene): Refused | undefined {
  const closed = guardOpen(member, '/member');
  if (closed || !hold || member.holds.length < HOLDS_PER_MEMBER_MAX) return closed;
  const message = `${HOLDS_PER_MEMBER_MAX} holds of the member are open: capture or release some`;
  return { ok: false, reason: 'too-many-holds', path: '/member', message };
}

/**
 * A quote, and a checkout that may still be refused after its member was settled, work on a copy:
 * neither may leave a trace. Where members need no declaration (fixtures), use enrols them.
 */
function memberOf(state: LedgerState, scene: Scene): Member | undefined {
  const { checkout, moment } = scene;
  if (checkout.member === undefined) return undefined;
  const isQuote = checkout.kind === 'quote';
  const stored = isQuote ? state.memberCopy(checkout.member) : state.member(checkout.member);
  if (!stored) {
    return scene.ruleSet.tree.closedWorld
      ? undefined
      : newMember(checkout.member, moment.acceptedAt);
  }
  const due = memberDue(stored);
  const settles = due !== undefined && due <= moment.acceptedAt;
  return !isQuote && settles ? state.memberCopy(checkout.member) : stored;
}

const NOTHING_BOOKED: ReturnType<Posting['result']> = {
  points: [],
  transfers: [],
  topUps: undefined,
  tiers: [],
};

/** Books what was decided; of a hold, only what it reserves. */
function post(posting: Posting, scene: Scene, decision: Decision): HoldState | undefined {
  const { checkout, hold, moment } = scene;
  dropOldUsage(posting.member, moment.acceptedAt);
  if (hold) {
    const until = instant(moment.acceptedAt + hold.holdFor);
    const spends = spendsOf({ checkout, decision }, scene.where.partner);
    reserve(posting, { id: hold.id, until, usage: decision.usage, spends });
    return { id: hold.id, state: 'open', until };
  }
  for (const spend of spendsOf({ checkout, decision }, scene.where.partner)) posting.redeem(spend);
  for (const accrual of decision.accruals) {
    posting.accrue({ ...accrual, checkout: checkout.id });
  }
  noteCheckout(posting.member, scene.occurredAt, decision.totals.payable);
  return undefined;
}
