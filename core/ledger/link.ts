import type { Link } from '../transaction/member-transactions.ts';
import { guardOpen } from './guards.ts';
import type { Member } from './member.ts';
import { sendRelay } from './relay/outgoing.ts';
import { IDENTIFIERS_MAX, type LinkState } from './standing.ts';
import type { LedgerState, Moment } from './state.ts';
import { accepted, refusal, rejected, type Verdict } from './verdict.ts';

/**
 * Cards and phones of a member. The member's own record says at once what its tills may accept;
 * whose an identifier is, is for the partition of the identifier to say, which a relay asks.
 */
export function applyLink(state: LedgerState, link: Link, moment: Moment): Verdict {
  if (!state.active()) return rejected('no-active-rule-set', '', 'activate a rule set first');
  const member = state.member(link.member);
  if (!member) return rejected('unknown-member', '/member', 'enrol the member first');
  const closed = guardOpen(member, '/member');
  if (closed) return refusal(closed);
  const scene = { state, member, link, moment };
  return link.action === 'link' ? claimFor(scene, link.identifier, 0) : change(scene);
}

interface Scene {
  readonly state: LedgerState;
  readonly member: Member;
  readonly link: Link;
  readonly moment: Moment;
}

/** Asks for an identifier; until the answer comes it is `pending` and good for nothing. */
function claimFor(scene: Scene, identifier: string, position: number): Verdict {
  const { state, member, link, moment } = scene;
  const known = member.links.get(identifier);
  if (known === 'active' || known === 'pending') return done(identifier, known);
  if (known !== undefined) {
    const message = `it is ${known}: unblock it, or wait until it is free`;
    return rejected('identifier-not-free', position === 0 ? '/card' : '/by', message);
  }
  if (member.links.size >= IDENTIFIERS_MAX) {
    return rejected('too-many-identifiers', '/member', 'unlink cards or phones first');
  }
  member.links.set(identifier, 'pending');
  const act = { act: 'claim', identifier, member: member.id, holder: undefined } as const;
  sendRelay(state, moment, { member, to: identifier, act, cause: link.id, position });
  state.putMember(member);
  return done(identifier, 'pending');
}

/** What becomes of an identifier here, and what its partition is told. */
const CHANGES = {
  unlink: { link: 'leaving', mark: 'free' },
  block: { link: 'blocked', mark: 'blocked' },
  unblock: { link: 'active', mark: 'active' },
  replace: { link: 'replaced', mark: 'blocked' },
} as const satisfies Readonly<Record<string, { link: LinkState; mark: string }>>;

function change(scene: Scene): Verdict {
  const { state, member, link, moment } = scene;
  const { identifier, action } = link;
  const known = member.links.get(identifier);
  if (known === undefined || known === 'pending' || known === 'leaving') {
    return rejected('unknown-identifier', '/card', 'it is not linked to this member');
  }
  if (known === 'replaced' && action !== 'unlink') {
    return rejected('identifier-not-free', '/card', 'it was replaced: use the new card');
  }
  const to = CHANGES[action === 'link' ? 'unblock' : action];
  if (link.by !== undefined) {
    // The new card is asked for first: when it cannot be had, the old one stays as it is.
    const claimed = claimFor(scene, link.by, 1);
    if (!claimed.ok) return claimed;
  }
  member.links.set(identifier, to.link);
  const act = { act: 'mark', identifier, member: member.id, state: to.mark } as const;
  sendRelay(state, moment, { member, to: identifier, act, cause: link.id });
  state.putMember(member);
  return done(identifier, to.link);
}

function done(identifier: string, state: LinkState): Verdict {
  const details = new Map([
    ['identifier', identifier],
    ['state', state],
  ]);
  return accepted({ details });
}
