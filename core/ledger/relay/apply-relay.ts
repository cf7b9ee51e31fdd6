import type { ArbitrationTree } from '../../arbitration/tree.ts';
import type { Relay, RelayAct } from '../../transaction/member-transactions.ts';
import { guardOpen } from '../guards.ts';
import type { Posting } from '../posting.ts';
import { openPosting } from '../posting.ts';
import { type Identity, identityBytes, identityKey, readIdentity } from '../registry.ts';
import type { LedgerState, Moment } from '../state.ts';
import { accepted, refusal, rejected, type Verdict } from '../verdict.ts';
import { correct, depositBelongings, depositLots } from './deposit.ts';
import { sendRelay } from './outgoing.ts';
import { withdrawBelongings } from './withdraw.ts';

/** Does what another partition asks for, once: the relay's id is its idempotency. */
export function applyRelay(state: LedgerState, relay: Relay, moment: Moment): Verdict {
  const tree = state.active()?.tree;
  if (!tree) return rejected('no-active-rule-set', '', 'activate a rule-set version first');
  const { act } = relay;
  if (act.act === 'claim') return claim(state, act, moment);
  if (act.act === 'mark') return mark(state, act, moment);
  return onMember(state, { relay, act, tree, moment });
}

type MemberAct = Exclude<RelayAct, { act: 'claim' | 'mark' }>;

interface Scene {
  readonly relay: Relay;
  readonly act: MemberAct;
  readonly tree: ArbitrationTree;
  readonly moment: Moment;
}

function onMember(state: LedgerState, scene: Scene): Verdict {
  const { act, tree, moment } = scene;
  const at = moment.acceptedAt;
  const posting = openPosting(state, act.member, { tree, at, zone: tree.zone });
  if (!posting) return rejected('unknown-member', '/act/member', 'there is no such member');
  const closed = guardOpen(posting.member, '/act/member');
  if (closed) return refusal(closed);
  post(state, posting, scene);
  posting.keep(state);
  return accepted(posting.result());
}

function post(state: LedgerState, posting: Posting, scene: Scene): void {
  const { act, tree } = scene;
  switch (act.act) {
    case 'receive': {
      const resets = tree.transferValidity === 'reset';
      depositLots(posting, act.lots, { movement: 'transfer-in', resets });
      return;
    }
    case 'absorb':
      depositBelongings(posting, act, 'merge');
      takeOver(state, posting, { ...scene, act });
      return;
    case 'release':
      withdrawBelongings(posting, act);
      for (const identifier of act.identifiers) posting.member.links.delete(identifier);
      return;
    case 'correct':
      correct(posting, act);
      return;
    case 'deliver':
      posting.deliver(act.checkout);
      return;
  }
}

/** The survivor asks for the cards and phones of the one that was merged into it. */
function takeOver(
  state: LedgerState,
  { member }: Posting,
  scene: Scene & { readonly act: Extract<MemberAct, { act: 'absorb' }> },
): void {
  const { act, moment, relay } = scene;
  for (const [position, identifier] of act.identifiers.entries()) {
    if (member.links.get(identifier) === 'active') continue;
    member.links.set(identifier, 'pending');
    const ask = { act: 'claim', identifier, member: member.id, holder: act.merged } as const;
    sendRelay(state, moment, { member, to: identifier, act: ask, cause: relay.id, position });
  }
}

/** An identifier belongs to one member at most: the first one whose claim is read here. */
function claim(
  state: LedgerState,
  act: Extract<RelayAct, { act: 'claim' }>,
  moment: Moment,
): Verdict {
  const { identifier, member, holder } = act;
  const known = identityOf(state, identifier);
  if (known && known.member !== member && known.member !== holder) {
    const message = `it belongs to another member: merge them, or unlink it there first`;
    return rejected('identifier-taken', '/act/identifier', message);
  }
  put(state, { identifier, member, state: 'active', since: moment.acceptedAt });
  return accepted({ details: new Map([['identifier', identifier]]) });
}

/** Only who holds an identifier may change what it is; of others it is no business. */
function mark(
  state: LedgerState,
  act: Extract<RelayAct, { act: 'mark' }>,
  moment: Moment,
): Verdict {
  const { identifier, member } = act;
  const isTheirs = identityOf(state, identifier)?.member === member;
  if (isTheirs && act.state === 'free') state.register(identityKey(identifier), undefined);
  else if (isTheirs && act.state !== 'free') {
    put(state, { identifier, member, state: act.state, since: moment.acceptedAt });
  }
  return accepted({ details: new Map([['identifier', identifier]]) });
}

function identityOf(state: LedgerState, identifier: string): Identity | undefined {
  const bytes = state.registered(identityKey(identifier));
  return bytes && readIdentity(bytes);
}

function put(state: LedgerState, identity: Identity): void {
  state.register(identityKey(identity.identifier), identityBytes(identity));
}
