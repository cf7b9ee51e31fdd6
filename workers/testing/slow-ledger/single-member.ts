import { Book, issuedBy, newSlowMember } from './book.ts';
import { askedBy, moveByHand } from './by-hand.ts';
import { type Desk, type Verdict, whyNotOpen } from './desk.ts';
import { happen } from './events.ts';
import type { Written } from './expected.ts';
import { CLOCK_AHEAD } from './kept.ts';
import { isDeactivated, zoneOf } from './programme.ts';

/** Somebody becomes a member, with what new members get. */
export function enrol(desk: Desk, written: Written, at: number): Verdict {
  const document = desk.document();
  const { member: id = '', store } = written;
  if (isNowhere(desk, store)) return { refused: 'unknown-store' };
  if (desk.members.has(id)) return { refused: 'member-exists' };
  const member = newSlowMember(id);
  const book = new Book({ member, document, at, zone: zoneOf(document, store) });
  for (const type of document.pointTypes) {
    if (isDeactivated(document, type.id, at)) continue;
    const points = Math.round(type.initialBalance * 10 ** type.precision);
    book.grant('initial-balance', { type: type.id, points, from: issuedBy(''), issuer: '' });
  }
  return { book };
}

function isNowhere(desk: Desk, store: string | undefined): boolean {
  return store !== undefined && !desk.document().places.some(({ id }) => id === store);
}

/** Points by hand, or of another system. */
export function adjust(desk: Desk, written: Written, at: number): Verdict {
  const asked = askedBy(desk.document(), written, { at, spends: false });
  if (typeof asked === 'string') return { refused: asked };
  const book = desk.bookOf(written.member ?? '', at);
  if (!book) return { refused: 'unknown-member' };
  const refused = whyNotOpen(book.member) ?? moveByHand(desk, book, { written, asked });
  return refused === undefined ? { book } : { refused };
}

/** An event that is no purchase. */
export function trigger(desk: Desk, written: Written, at: number): Verdict {
  const { store, member = '', occurredAt } = written;
  if (isNowhere(desk, store)) return { refused: 'unknown-store' };
  if (occurredAt !== undefined && Date.parse(occurredAt) > at + CLOCK_AHEAD) {
    return { refused: 'occurred-in-the-future' };
  }
  const book = desk.bookOf(member, at, zoneOf(desk.document(), store));
  if (!book) return { refused: 'unknown-member' };
  const refused = whyNotOpen(book.member) ?? happen(book, written);
  if (refused !== undefined) return { refused };
  book.forgetOldUsage();
  return { book };
}
