import { must } from '../../assert.ts';
import type { Belongings, Relayed } from '../../transaction/member-transactions.ts';
import { dropBelongings, movedOn } from '../belongings.ts';
import type { Member } from '../member.ts';
import { openPosting, type Posting } from '../posting.ts';
import type { Outgoing } from '../registry.ts';
import type { LedgerState, Moment } from '../state.ts';
import { accepted, rejected, type Verdict } from '../verdict.ts';
import { depositBelongings, depositLots } from './deposit.ts';
import { endRelay, sendRelay } from './outgoing.ts';

/** Members that one relay may be handed on to, each merged into the next. */
export const HANDED_ON_MAX = 8;

/** The answer of a relay: what was asked for is done, or what was sent along comes back. */
export function applyRelayed(state: LedgerState, answer: Relayed, moment: Moment): Verdict {
  const tree = state.active()?.tree;
  if (!tree) return rejected('no-active-rule-set', '', 'activate a rule-set version first');
  const outgoing = endRelay(state, answer.relay);
  if (!outgoing) return rejected('unknown-relay', '/relay', 'it has its answer already');
  const at = moment.acceptedAt;
  const posting = must(
    openPosting(state, outgoing.from, { tree, at, zone: tree.zone }),
    'a relay was sent by a member of this partition',
  );
  posting.member.relays -= 1;
  const scene = { state, posting, outgoing, answer, moment };
  if (answer.refused === undefined) succeeded(scene);
  else if (!handOn(scene)) refused(scene);
  posting.keep(state);
  const details = new Map([
    ['relay', answer.relay],
    ['cause', outgoing.cause],
    ['act', outgoing.act.act],
    ...(answer.refused === undefined ? [] : [['refused', answer.refused] as const]),
  ]);
  return accepted({ ...posting.result(), details });
}

interface Scene {
  readonly state: LedgerState;
  readonly posting: Posting;
  readonly outgoing: Outgoing;
  readonly answer: Relayed;
  readonly moment: Moment;
}

function succeeded({ state, posting, outgoing, moment }: Scene): void {
  const { act } = outgoing;
  const { member } = posting;
  if (act.act === 'claim') member.links.set(act.identifier, 'active');
  else if (act.act === 'mark' && act.state === 'free') member.links.delete(act.identifier);
  else if (act.act === 'release') comeHome(state, posting, { act, moment, cause: outgoing.cause });
}

/** A merge is undone: the member is there again with what it had brought along. */
function comeHome(
  state: LedgerState,
  posting: Posting,
  scene: { readonly act: Belongings; readonly moment: Moment; readonly cause: string },
): void {
  const { act, moment, cause } = scene;
  const { member } = posting;
  depositBelongings(posting, act, 'unmerge');
  reopen(state, member);
  for (const [position, identifier] of act.identifiers.entries()) {
    member.links.set(identifier, 'pending');
    const ask = { act: 'claim', identifier, member: member.id, holder: act.member } as const;
    sendRelay(state, moment, { member, to: identifier, act: ask, cause, position });
  }
}

function reopen(state: LedgerState, member: Member): void {
  dropBelongings(state, member);
  member.standing = { kind: 'open' };
}

/** The one who was asked is merged into another: that one is asked instead. */
function handOn({ state, posting, outgoing, answer, moment }: Scene): boolean {
  const { act } = outgoing;
  const { sendFor } = answer;
  if (sendFor === undefined || act.act === 'claim' || act.act === 'mark') return false;
  // Points given to oneself by way of a merge, or a circle of merges, go back instead.
  if (sendFor === outgoing.from || act.act === 'release') return false;
  const next = { ...act, member: sendFor };
  const { member } = posting;
  if (act.act === 'absorb' && member.standing.kind === 'merged') {
    member.standing = { ...member.standing, into: sendFor };
    movedOn(state, member.id, sendFor);
  }
  sendRelay(state, moment, { member, to: sendFor, act: next, cause: outgoing.cause });
  return true;
}

/** What was sent along comes back to where it was. */
function refused({ state, posting, outgoing }: Scene): void {
  const { act } = outgoing;
  const { member } = posting;
  switch (act.act) {
    case 'receive':
      depositLots(posting, act.lots, { movement: 'transfer-back' });
      return;
    case 'absorb':
      depositBelongings(posting, act, 'unmerge');
      reopen(state, member);
      return;
    case 'claim':
      member.links.delete(act.identifier);
      return;
    case 'release':
    case 'correct':
    case 'deliver':
    case 'mark':
      return;
  }
}
