import { cardIdentifier } from '../transaction/decode-identity.ts';
import type { Checkout } from '../transaction/transaction.ts';
import type { Refused } from './guards.ts';
import type { Member } from './member.ts';
import { identityKey, readIdentity } from './registry.ts';
import type { LedgerState } from './state.ts';

/** A card that is shown has to be one of the member's, and in force. */
export function guardCard(member: Member | undefined, checkout: Checkout): Refused | undefined {
  if (checkout.card === undefined || !member) return undefined;
  const state = member.links.get(cardIdentifier(checkout.card));
  if (state === 'active') return undefined;
  if (state === 'blocked' || state === 'replaced') return refuse('card-blocked', `it is ${state}`);
  return refuse('unknown-card', 'it is no card of this member');
}

/**
 * A checkout that shows nothing but a card came to the card's own partition. That one knows whose
 * it is, and the member's partition decides: the sender is told whom to send it for.
 */
export function identify(state: LedgerState, card: string): Refused {
  const bytes = state.registered(identityKey(cardIdentifier(card)));
  if (!bytes) return refuse('unknown-card', 'it is linked to nobody');
  const identity = readIdentity(bytes);
  if (identity.state === 'blocked') return refuse('card-blocked', 'it is blocked');
  const message = `it belongs to \`${identity.member}\`: send the same again with this member`;
  return { ...refuse('card-names-member', message), sendFor: identity.member };
}

function refuse(reason: string, message: string): Refused {
  return { ok: false, reason, path: '/card', message };
}
