import { must, unreachable } from './assert.ts';
import { applyCheckout, applyHold } from './ledger/checkout.ts';
import { applyDelivery } from './ledger/deliver.ts';
import { applyCapture, applyRelease } from './ledger/end-hold.ts';
import { applyAdjustment, applyEnrolment } from './ledger/enrol.ts';
import { applyLetter } from './ledger/lease/apply-letter.ts';
import { applyLink } from './ledger/link.ts';
import { applyClose, applyMerge, applyUnmerge } from './ledger/merge.ts';
import type { FollowUp } from './ledger/parked.ts';
import type { LedgerRecord } from './ledger/record.ts';
import { applyRelay } from './ledger/relay/apply-relay.ts';
import { applyRelayed } from './ledger/relay/apply-relayed.ts';
import { applyReturn } from './ledger/return.ts';
import type { LedgerState, Moment } from './ledger/state.ts';
import { applyActivation, applyTick } from './ledger/tick.ts';
import { applyTransfer } from './ledger/transfer-points.ts';
import { applyTrigger } from './ledger/trigger.ts';
import { rejected, type Verdict, type Waiting } from './ledger/verdict.ts';
import type { Instant } from './money/units.ts';
import type { Outcome } from './outcome/outcome.ts';
import type { Transaction } from './transaction/transaction.ts';

/** Nothing is recorded yet: the checkout needs more of a budget than its lease has. */
export interface Waits {
  readonly kind: 'waits';
  readonly budget: string;
  readonly transaction: Transaction;
}

/**
 * The heart: one transaction on the state, giving the record that the ledger keeps of it. No
 * clock, no randomness, no waiting: the same log gives the same ledger, byte by byte.
 */
export function apply(
  state: LedgerState,
  transaction: Transaction,
  moment: Moment,
): LedgerRecord | Waits {
  const verdict = judge(state, transaction, moment);
  if ('waitsFor' in verdict) return { kind: 'waits', budget: verdict.waitsFor, transaction };
  return recordOf(state, { transaction, moment, verdict });
}

/** The final record of a return that waited for its checkout. */
export function applyFollowUp(
  state: LedgerState,
  { transaction, why }: FollowUp,
  moment: Moment,
): LedgerRecord {
  const late = 'the checkout did not come in time: send both again under new ids';
  const verdict =
    why === 'matched'
      ? applyReturn(state, transaction, moment)
      : rejected('checkout-never-came', '/checkout', late);
  return recordOf(state, { transaction, moment, verdict });
}

function recordOf(
  state: LedgerState,
  applied: {
    readonly transaction: Transaction;
    readonly moment: Moment;
    readonly verdict: Verdict;
  },
): LedgerRecord {
  const { transaction, moment, verdict } = applied;
  const { where } = verdict;
  return {
    sequence: moment.sequence,
    streamSequence: moment.streamSequence,
    id: transaction.id,
    kind: transaction.kind,
    member: memberOf(state, transaction),
    store: where.store,
    region: where.region,
    country: where.country,
    partner: where.partner,
    channel: where.channel,
    currency: where.currency === '' ? (state.active()?.tree.currency ?? '') : where.currency,
    occurredAt: occurredAtOf(transaction) ?? moment.acceptedAt,
    acceptedAt: moment.acceptedAt,
    outcome: outcomeOf(state, transaction, verdict),
    transfers: verdict.ok ? verdict.transfers : [],
    transaction,
    sale: verdict.ok ? verdict.sale : undefined,
  };
}

function judge(state: LedgerState, transaction: Transaction, moment: Moment): Verdict | Waiting {
  switch (transaction.kind) {
    case 'checkout':
    case 'quote':
      return applyCheckout(state, transaction, moment);
    case 'return':
    case 'cancel':
      return applyReturn(state, transaction, moment);
    case 'enrol':
      return applyEnrolment(state, transaction, moment);
    case 'adjust':
      return applyAdjustment(state, transaction, moment);
    case 'hold':
      return applyHold(state, transaction, moment);
    case 'capture':
      return applyCapture(state, transaction, moment);
    case 'release':
      return applyRelease(state, transaction, moment);
    case 'deliver':
      return applyDelivery(state, transaction, moment);
    case 'tick':
      return applyTick(state, transaction, moment);
    case 'activation':
      return applyActivation(state, transaction, moment);
    case 'trigger':
      return applyTrigger(state, transaction, moment);
    case 'transfer':
      return applyTransfer(state, transaction, moment);
    case 'link':
      return applyLink(state, transaction, moment);
    case 'merge':
      return applyMerge(state, transaction, moment);
    case 'unmerge':
      return applyUnmerge(state, transaction, moment);
    case 'close':
      return applyClose(state, transaction, moment);
    case 'relay':
      return applyRelay(state, transaction, moment);
    case 'relayed':
      return applyRelayed(state, transaction, moment);
    case 'lease':
      return applyLetter(state, transaction, moment);
    default:
      return unreachable(transaction);
  }
}

function outcomeOf(state: LedgerState, transaction: Transaction, verdict: Verdict): Outcome {
  const { id } = transaction;
  const active = state.active();
  const ruleSet = active && { version: active.version, hash: active.hash };
  if (!verdict.ok) {
    const { reason, path, message, sendFor } = verdict;
    return { status: 'rejected', id, ruleSet, reason, path, message, sendFor };
  }
  return {
    status: 'accepted',
    id,
    ruleSet: verdict.ruleSet ?? must(ruleSet, 'accepted without an active rule set'),
    late: verdict.late,
    decision: verdict.decision,
    reversal: verdict.reversal,
    points: verdict.points,
    tiers: verdict.tiers,
    parked: verdict.parked,
    details: verdict.details,
    hold: verdict.hold,
    topUps: verdict.topUps,
    blocks: verdict.blocks,
  };
}

/** The member a record belongs to: of a return without a member, the one of the sale. */
function memberOf(state: LedgerState, transaction: Transaction): string {
  switch (transaction.kind) {
    case 'return':
    case 'cancel':
    case 'deliver':
      return transaction.member ?? state.recorded(transaction.checkout)?.member ?? '';
    case 'tick':
    case 'activation':
    case 'lease':
      return '';
    case 'relayed':
      return transaction.to;
    case 'relay':
      return transaction.act.member;
    default:
      return transaction.member ?? '';
  }
}

function occurredAtOf(transaction: Transaction): Instant | undefined {
  if (transaction.kind === 'tick') return transaction.at;
  if (transaction.kind === 'hold') return transaction.checkout.occurredAt;
  return 'occurredAt' in transaction ? transaction.occurredAt : undefined;
}
