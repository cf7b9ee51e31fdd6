import { MAX_RELAY_ENTRIES } from '../transaction/decode-relay.ts';
import type { Close, Merge, Unmerge } from '../transaction/member-transactions.ts';
import { belongingsOf, packBelongings, UNMERGE_DAYS, undoneUntil } from './belongings.ts';
import { guardOpen, type Refused } from './guards.ts';
import type { Member } from './member.ts';
import { openPosting } from './posting.ts';
import { sendRelay } from './relay/outgoing.ts';
import { fitsRelay, withdrawAll } from './relay/withdraw.ts';
import type { LedgerState, Moment } from './state.ts';
import { takeTrackRecord } from './track-record.ts';
import { BREAKAGE, TRANSIT } from './transfer.ts';
import { dropOldUsage } from './usage.ts';
import { accepted, refusal, rejected, type Verdict } from './verdict.ts';

/**
 * A member turns out to be another one. Everything it has leaves by entries through `transit`,
 * lots with their expiry and issuer, and arrives at the other one by a relay; so does what it has
 * bought and used of limits. From now on it is merged, and whoever names it is told whom to name
 * instead (002-19).
 */
export function applyMerge(state: LedgerState, merge: Merge, moment: Moment): Verdict {
  const tree = state.active()?.tree;
  if (!tree) return rejected('no-active-rule-set', '', 'activate a rule-set version first');
  if (merge.into === merge.member) {
    return rejected('merge-into-self', '/into', 'a member is merged into another one');
  }
  const at = moment.acceptedAt;
  const posting = openPosting(state, merge.member, { tree, at, zone: tree.zone });
  if (!posting) return rejected('unknown-member', '/member', 'there is no such member');
  const { member } = posting;
  const refused = guardSettled(member);
  if (refused) return refusal(refused);

  dropOldUsage(member, at);
  const left = withdrawAll(posting, TRANSIT, 'merge');
  const identifiers = [...member.links]
    .filter(([, link]) => link === 'active')
    .map(([identifier]) => identifier);
  const merged = { member: merge.into, merged: member.id };
  const belongings = { ...merged, ...left, identifiers, ...takeTrackRecord(member) };
  packBelongings(state, belongings, at);
  const act = { act: 'absorb', ...belongings } as const;
  sendRelay(state, moment, { member, to: merge.into, act, cause: merge.id });
  member.standing = { kind: 'merged', at, into: merge.into, merge: merge.id };
  posting.keep(state);
  return accepted({ ...posting.result(), details: new Map([['into', merge.into]]) });
}

/** Nothing of the member may be under way: neither a relay nor a hold. */
function guardSettled(member: Member): Refused | undefined {
  const closed = guardOpen(member, '/member');
  if (closed) return closed;
  const refuse = (reason: string, message: string): Refused => {
    return { ok: false, reason, path: '/member', message };
  };
  if (member.relays > 0 || member.holds.length > 0) {
    return refuse('movement-in-flight', 'a transfer, a link or a hold of the member is not done');
  }
  if (fitsRelay(member, MAX_RELAY_ENTRIES)) return undefined;
  return refuse('too-many-lots', 'the member has more lots than can be moved at once');
}

/** A merge was wrong: what was brought along is asked back, and comes home with the answer. */
export function applyUnmerge(state: LedgerState, unmerge: Unmerge, moment: Moment): Verdict {
  if (!state.active()) return rejected('no-active-rule-set', '', 'activate a rule set first');
  const member = state.member(unmerge.member);
  if (!member) return rejected('unknown-member', '/member', 'there is no such member');
  const { standing } = member;
  if (standing.kind !== 'merged') {
    return rejected('not-merged', '/member', 'the member is not merged into another one');
  }
  if (member.relays > 0) {
    return rejected('movement-in-flight', '/member', 'the merge itself is not done yet');
  }
  const brought = belongingsOf(state, member.id);
  // A tick lets go of them only when it is too late for all that follows it.
  if (!brought || moment.acceptedAt > undoneUntil(standing.at)) {
    const message = `a merge can be undone for ${UNMERGE_DAYS} days`;
    return rejected('unmerge-too-late', '/member', message);
  }
  // What has expired meanwhile has expired there: it is not asked back.
  const lots = brought.lots.filter(
    ({ expiresAt }) => expiresAt === undefined || expiresAt > moment.acceptedAt,
  );
  const act = { act: 'release', ...brought, lots } as const;
  sendRelay(state, moment, { member, to: brought.member, act, cause: unmerge.id });
  state.putMember(member);
  return accepted({ details: new Map([['from', brought.member]]) });
}

/** A member leaves: its points are forfeited, its cards and phones are free again. */
export function applyClose(state: LedgerState, close: Close, moment: Moment): Verdict {
  const tree = state.active()?.tree;
  if (!tree) return rejected('no-active-rule-set', '', 'activate a rule-set version first');
  const at = moment.acceptedAt;
  const posting = openPosting(state, close.member, { tree, at, zone: tree.zone });
  if (!posting) return rejected('unknown-member', '/member', 'there is no such member');
  const { member } = posting;
  const refused = guardSettled(member);
  if (refused) return refusal(refused);

  withdrawAll(posting, BREAKAGE, 'forfeit');
  for (const [position, identifier] of [...member.links.keys()].entries()) {
    const act = { act: 'mark', identifier, member: member.id, state: 'free' } as const;
    sendRelay(state, moment, { member, to: identifier, act, cause: close.id, position });
    member.links.set(identifier, 'leaving');
  }
  member.standing = { kind: 'closed', at };
  posting.keep(state);
  return accepted(posting.result());
}
