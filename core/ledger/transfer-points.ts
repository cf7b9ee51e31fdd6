import type { PointTransfer } from '../transaction/member-transactions.ts';
import { guardMove } from './guards.ts';
import { openPosting } from './posting.ts';
import { sendRelay, sentLots } from './relay/outgoing.ts';
import type { LedgerState, Moment } from './state.ts';
import { TRANSIT } from './transfer.ts';
import { accepted, refusal, rejected, type Verdict } from './verdict.ts';

/** Lots that one transfer may take points from. */
export const LOTS_PER_TRANSFER_MAX = 1_000;

/**
 * A member gives points to another one, in whatever partition that is: here they leave their lots
 * for `transit`, and a relay takes them along. What cannot be taken in comes back to its lots.
 */
export function applyTransfer(state: LedgerState, given: PointTransfer, moment: Moment): Verdict {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', 'activate a rule-set version first');

  const { tree } = ruleSet;
  const at = moment.acceptedAt;
  if (given.to === given.member) {
    return rejected('transfer-to-self', '/to', 'points are given to another member');
  }
  const posting = openPosting(state, given.member, { tree, at, zone: tree.zone });
  const guarded = guardMove({
    purpose: 'spend',
    type: given.type,
    amount: given.amount,
    member: posting?.member,
    tree,
    at,
    paths: { type: '/type', amount: '/amount', member: '/member' },
  });
  if (!guarded.ok) return refusal(guarded);
  if (!posting) return rejected('unknown-member', '/member', 'enrol the member first');
  const account = posting.account(guarded.type.id);
  if (account.lots.length > LOTS_PER_TRANSFER_MAX) {
    return rejected('too-many-lots', '/amount', 'the points lie in too many lots');
  }
  posting.row(account.type).adjusted -= guarded.points;
  const out = { points: guarded.points, to: TRANSIT, promotion: '' };
  const takes = posting.debit(account, { ...out, movement: 'transfer-out' });
  const lots = sentLots(account.type, takes);
  const { member } = posting;
  const act = { act: 'receive', member: given.to, lots } as const;
  const relay = sendRelay(state, moment, { member, to: given.to, act, cause: given.id });
  posting.keep(state);
  const details = new Map([
    ['to', given.to],
    ['relay', relay],
  ]);
  return accepted({ ...posting.result(), details });
}
