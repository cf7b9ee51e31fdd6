import type { SlowMember } from './book.ts';
import { type Desk, type SlowAct, type Verdict, whyNotOpen } from './desk.ts';
import type { Written } from './expected.ts';

/** Cards and phones: the member's record says how they stand, their own partition whose they are. */
export function link(desk: Desk, written: Written): Verdict {
  const stored = desk.members.get(written.member ?? '');
  if (!stored) return { refused: 'unknown-member' };
  const member = structuredClone(stored);
  const closed = whyNotOpen(member);
  if (closed) return { refused: closed };
  const { card, phone, by, action = 'link' } = written;
  const identifier = card === undefined ? `phone/${phone}` : `card/${card}`;
  const refused =
    action === 'link'
      ? ask(desk, member, identifier, 0)
      : change(desk, member, { identifier, action: String(action), by });
  if (refused !== undefined) return { refused };
  desk.members.set(member.id, member);
  return {};
}

/** Asks for a card; it is good for nothing before the answer. */
function ask(
  desk: Desk,
  member: SlowMember,
  identifier: string,
  position: number,
): string | undefined {
  const known = member.links.get(identifier);
  if (known === 'active' || known === 'pending') return undefined;
  if (known !== undefined) return 'identifier-not-free';
  member.links.set(identifier, 'pending');
  const act = { act: 'claim', identifier, member: member.id, holder: undefined } as const;
  desk.send(member, identifier, act, position);
  return undefined;
}

/** What the member's record says then, and what the card's partition is told. */
const CHANGES: Readonly<Record<string, readonly [here: string, there: string]>> = {
  unlink: ['leaving', 'free'],
  block: ['blocked', 'blocked'],
  unblock: ['active', 'active'],
  replace: ['replaced', 'blocked'],
};

function change(
  desk: Desk,
  member: SlowMember,
  asked: { readonly identifier: string; readonly action: string; readonly by: unknown },
): string | undefined {
  const { identifier, action, by } = asked;
  const known = member.links.get(identifier);
  if (known === undefined || known === 'pending' || known === 'leaving') {
    return 'unknown-identifier';
  }
  if (known === 'replaced' && action !== 'unlink') return 'identifier-not-free';
  const [here = '', there = ''] = CHANGES[action] ?? [];
  const refused = by === undefined ? undefined : ask(desk, member, `card/${by}`, 1);
  if (refused !== undefined) return refused;
  member.links.set(identifier, here);
  const act = { act: 'mark', identifier, member: member.id, state: there } as const;
  desk.send(member, identifier, act);
  return undefined;
}

/** One member at most has a card: the first one that asks. */
export function claim(
  { identities }: Desk,
  { identifier, member, holder }: Extract<SlowAct, { act: 'claim' }>,
): Verdict {
  const known = identities.get(identifier)?.member;
  if (known !== undefined && known !== member && known !== holder) {
    return { refused: 'identifier-taken' };
  }
  identities.set(identifier, { member, state: 'active' });
  return {};
}

/** Only who has a card may change it; of others' cards it says nothing. */
export function mark(
  { identities }: Desk,
  { identifier, member, state }: Extract<SlowAct, { act: 'mark' }>,
): Verdict {
  if (identities.get(identifier)?.member !== member) return {};
  if (state === 'free') identities.delete(identifier);
  else identities.set(identifier, { member, state: state === 'active' ? 'active' : 'blocked' });
  return {};
}

/** Why a checkout that shows this card is refused. */
export function cardProblem(
  { identities }: Desk,
  member: SlowMember | undefined,
  card: unknown,
): string | undefined {
  if (card === undefined) return undefined;
  const identifier = `card/${card}`;
  if (member) {
    const state = member.links.get(identifier);
    if (state === 'active') return undefined;
    return state === 'blocked' || state === 'replaced' ? 'card-blocked' : 'unknown-card';
  }
  const known = identities.get(identifier);
  if (!known) return 'unknown-card';
  return known.state === 'blocked' ? 'card-blocked' : 'card-names-member';
}
