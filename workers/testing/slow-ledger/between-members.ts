import { spendableAt } from './account.ts';
import type { Book, SentLot } from './book.ts';
import { askedBy } from './by-hand.ts';
import { type Desk, type SlowAct, type Verdict, whyNotOpen } from './desk.ts';
import type { Written } from './expected.ts';
import { claim, mark } from './identifiers.ts';
import { absorb, comeHome, correct, release, stayHere } from './merging.ts';

/** Points leave a member; a relay, named by its place in the ledger, takes them along. */
export function transfer(desk: Desk, written: Written, at: number): Verdict {
  const { member: from = '' } = written;
  const to = String(written['to']);
  if (to === from) return { refused: 'transfer-to-self' };
  const asked = askedBy(desk.document(), written, { at, spends: true });
  if (typeof asked === 'string') return { refused: asked };
  const book = desk.bookOf(from, at);
  if (!book) return { refused: 'unknown-member' };
  const closed = whyNotOpen(book.member);
  if (closed) return { refused: closed };
  const { points } = asked;
  const { id: type } = asked.type;
  if (points > spendableAt(book.account(type), at)) return { refused: 'insufficient-points' };
  const taken = book.spend('transfer-out', { type, points, to: 'transit' });
  const lots = taken.map((each) => ({ ...each.lot, type, points: each.points }));
  desk.send(book.member, to, { act: 'receive', member: to, lots });
  return { book };
}

/** What another partition asks for. What it carries was compared with what was sent. */
export function relay(desk: Desk, written: Written, at: number): Verdict {
  const act = Object(written['act']) as SlowAct; // As it was sent.
  if (act.act === 'claim') return claim(desk, act);
  if (act.act === 'mark') return mark(desk, act);
  const book = desk.bookOf(act.member, at);
  if (!book) return { refused: 'unknown-member' };
  const closed = whyNotOpen(book.member);
  if (closed) return { refused: closed };
  if (act.act === 'receive') receive(book, act.lots);
  else if (act.act === 'absorb') absorb(desk, book, act);
  else if (act.act === 'release') release(book, act);
  else if (act.act === 'correct') correct(book, act);
  else book.deliver(act.checkout);
  return { book };
}

function receive(book: Book, lots: readonly SentLot[]): void {
  const resets = book.document.program.settings.transferValidity === 'reset';
  const renewed = lots.map((lot) => ({ ...lot, expiresAt: book.expiry(lot.type, book.at) }));
  book.deposit('transfer-in', resets ? renewed : lots);
}

/** A relay has its answer, once: it is done, somebody else is asked, or it comes back. */
export function relayed(desk: Desk, written: Written, at: number): Verdict {
  const id = String(written['relay']);
  const open = desk.relays.get(id);
  const book = open && desk.bookOf(open.from, at);
  if (!open || !book) return { refused: 'unknown-relay' };
  desk.relays.delete(id);
  book.member.relays -= 1;
  const { refused, sendFor } = written;
  if (refused === undefined) succeeded(desk, book, open.act);
  else if (!handOn(desk, book, open.act, sendFor)) failed(desk, book, open.act);
  return { book };
}

function succeeded(desk: Desk, book: Book, act: SlowAct): void {
  const { links } = book.member;
  if (act.act === 'claim') links.set(act.identifier, 'active');
  else if (act.act === 'mark' && act.state === 'free') links.delete(act.identifier);
  else if (act.act === 'release') comeHome(desk, book, act);
}

/** The one that was asked was merged: its survivor is asked, unless that is oneself. */
function handOn(desk: Desk, { member }: Book, act: SlowAct, sendFor: unknown): boolean {
  if (typeof sendFor !== 'string' || sendFor === member.id) return false;
  if (act.act === 'claim' || act.act === 'mark' || act.act === 'release') return false;
  if (act.act === 'absorb') {
    member.standing = { ...member.standing, into: sendFor };
    const brought = desk.belongings.get(member.id);
    if (brought) desk.belongings.set(member.id, { ...brought, member: sendFor });
  }
  desk.send(member, sendFor, { ...act, member: sendFor });
  return true;
}

function failed(desk: Desk, book: Book, act: SlowAct): void {
  if (act.act === 'receive') book.deposit('transfer-back', act.lots);
  else if (act.act === 'absorb') stayHere(desk, book, act);
  else if (act.act === 'claim') book.member.links.delete(act.identifier);
}
