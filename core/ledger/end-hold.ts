import type { Decision } from '../arbitration/decision.ts';
import { instant } from '../money/units.ts';
import type { HoldState } from '../outcome/outcome.ts';
import type { Capture, Checkout, HoldRequest, Release } from '../transaction/transaction.ts';
import { freeHold, type Hold, spendHold } from './hold.ts';
import { noteCheckout } from './member.ts';
import { matchParked } from './parked.ts';
import { partOf } from './part-of-sale.ts';
import { openPosting, type Posting } from './posting.ts';
import type { LedgerRecord } from './record.ts';
import { spendsOf } from './spends.ts';
import type { ActiveRuleSet, LedgerState, Moment } from './state.ts';
import { accepted, rejected, type Verdict, type Whereabouts } from './verdict.ts';

/** A hold that can still be ended, with everything that ending it needs. */
interface OpenHold {
  readonly record: LedgerRecord;
  readonly request: HoldRequest;
  readonly decision: Decision;
  readonly hold: Hold;
  readonly posting: Posting;
  readonly ruleSet: ActiveRuleSet;
}

/**
 * The held checkout happens, exactly as it was decided: its points leave the hold for the
 * partners, what it earned is granted. Of a part of it, the rest is released. The record is a
 * sale, under the id of the capture.
 */
export function applyCapture(state: LedgerState, capture: Capture, moment: Moment): Verdict {
  const found = openHold(state, capture, moment);
  if (!('hold' in found)) return found;
  const { posting, hold, request, record } = found;
  const held = { checkout: request.checkout, decision: found.decision };
  const part = capture.lines === undefined ? undefined : partOf(held, capture.lines);
  if (part && !part.ok) return refuse(part.reason, part.path, part.message);
  const sold = part?.sold ?? held;
  const decision = { ...sold.decision, accruals: stillGranted(sold.decision, posting) };
  spendHold(posting, hold, part && spendsOf(sold, record.partner));
  for (const accrual of decision.accruals) posting.accrue({ ...accrual, checkout: capture.id });
  noteCheckout(posting.member, record.occurredAt, decision.totals.payable);
  posting.keep(state);
  if (state.waiting.parked > 0) matchParked(state, capture.id);

  // A return may have the rest decided again, as it was when the hold was made.
  const sale: Checkout = { ...sold.checkout, id: capture.id, occurredAt: record.occurredAt };
  const ended = { id: hold.id, state: 'captured', until: hold.until } as const;
  return accepted({ ...endOf(found, ended), decision, sale });
}

/** Points of a type that was deactivated meanwhile are not granted any more (003-07). */
function stillGranted(decision: Decision, posting: Posting): Decision['accruals'] {
  return decision.accruals.filter(({ type }) => posting.type(type) && !posting.isDeactivated(type));
}

/** The held checkout does not happen: points go back to their lots, limits are free again. */
export function applyRelease(state: LedgerState, release: Release, moment: Moment): Verdict {
  const found = openHold(state, release, moment);
  if (!('hold' in found)) return found;
  const { posting, hold } = found;
  freeHold(posting, hold, 'hold-release');
  posting.keep(state);
  return accepted(endOf(found, { id: hold.id, state: 'released', until: hold.until }));
}

function endOf({ posting, record }: OpenHold, hold: HoldState) {
  const ruleSet = record.outcome.ruleSet;
  return { ...posting.result(), hold, ruleSet, where: whereaboutsOf(record) };
}

function whereaboutsOf(record: LedgerRecord): Whereabouts {
  const { store, region, country, partner, channel, currency } = record;
  return { store, region, country, partner, channel, currency };
}

/** The guards of a capture or release, in the order in which the first broken one is told. */
function openHold(
  state: LedgerState,
  end: Capture | Release,
  moment: Moment,
): OpenHold | Extract<Verdict, { ok: false }> {
  const ruleSet = state.active();
  if (!ruleSet) return refuse('no-active-rule-set', '', 'activate a rule-set version first');

  const record = state.recorded(end.hold);
  const request = record?.transaction?.kind === 'hold' ? record.transaction : undefined;
  const decision = record?.outcome.status === 'accepted' ? record.outcome.decision : undefined;
  if (!record || !request || !decision) {
    return refuse('unknown-hold', '/hold', `no accepted hold \`${end.hold}\` of this member`);
  }
  if (record.member !== end.member) {
    return refuse('foreign-hold', '/member', 'the hold belongs to another member');
  }
  if (instant(record.acceptedAt + request.holdFor) <= moment.acceptedAt) {
    return refuse('hold-expired', '/hold', 'the time of the hold is over; nothing is reserved');
  }
  const { tree } = ruleSet;
  const zone = tree.place(record.store)?.zone ?? tree.zone;
  const posting = openPosting(state, end.member, { tree, at: moment.acceptedAt, zone });
  const hold = posting?.member.holds.find(({ id }) => id === end.hold);
  if (!posting || !hold) {
    return refuse('hold-ended', '/hold', 'the hold was captured or released before');
  }
  return { record, request, decision, hold, posting, ruleSet };
}

function refuse(reason: string, path: string, message: string) {
  const verdict = rejected(reason, path, message);
  // `rejected` makes no other; the narrower type keeps the callers short.
  return verdict as Extract<Verdict, { ok: false }>;
}
