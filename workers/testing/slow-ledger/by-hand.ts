import { type SlowLot, spendableAt } from './account.ts';
import { type Book, issuedBy } from './book.ts';
import { addDays, startOfDayIn } from './calendar.ts';
import type { Desk } from './desk.ts';
import type { Written } from './expected.ts';
import { type Document, type DocumentPointType, isDeactivated, typeIn } from './programme.ts';
import { giveTopUpBack } from './top-ups.ts';

/** Points that somebody asks to move, counted as their type counts them. */
export interface Asked {
  readonly type: DocumentPointType;
  readonly points: number;
}

/** What is asked for, or the first guard of the ladder that it does not pass, but for the member's. */
export function askedBy(
  document: Document,
  { type: id = '', amount = 0 }: Written,
  { at, spends }: { readonly at: number; readonly spends: boolean },
): Asked | string {
  const type = typeIn(document, id);
  if (!type) return 'unknown-point-type';
  if (spends && type.kind === 'qualification') return 'points-not-spendable';
  if (isDeactivated(document, id, at)) return 'point-type-deactivated';
  const points = Number((amount * 10 ** type.precision).toFixed(6));
  if (!Number.isInteger(points)) return 'too-many-decimals';
  if (points === 0 || (spends && points < 0)) return 'number-too-small';
  return { type, points };
}

/** Gives or takes points by hand, or brings some along; says why it may not. */
export function moveByHand(
  desk: Desk,
  book: Book,
  { written, asked }: { readonly written: Written; readonly asked: Asked },
): string | undefined {
  const { type, points } = asked;
  const { id } = type;
  if (-points > spendableAt(book.account(id), book.at)) return 'insufficient-points';
  if (needsApproval(written, asked)) return 'approval-required';
  const promotion = written['promotion'] === undefined ? '' : String(written['promotion']);
  if (promotion !== '' && !isTrigger(book.document, promotion)) return 'unknown-promotion';
  if (written.topUp !== undefined)
    return giveTopUpBack(desk, book, { topUp: written.topUp, asked });
  if (written.lot) return bringAlong(book, written, asked);
  const about = { type: id, promotion };
  if (points < 0) book.spend('adjustment', { ...about, points: -points, to: 'adjustment' });
  else book.grant('adjustment', { ...about, points, from: 'adjustment', issuer: '' });
  return undefined;
}

function isTrigger({ arbitration }: Document, id: string): boolean {
  return arbitration.children.some(({ promotion, type }) => promotion === id && type === 'trigger');
}

/** 003-76: two persons for what is large; imports and refused top-ups are no movements by hand. */
function needsApproval(written: Written, { type, points }: Asked): boolean {
  const { author, approvedBy, lot, topUp } = written;
  const { adjustUpTo, precision } = type;
  if (lot || topUp !== undefined || adjustUpTo === undefined) return false;
  const areTwo = author !== undefined && approvedBy !== undefined && author !== approvedBy;
  return Math.abs(points) > adjustUpTo * 10 ** precision && !areTwo;
}

/** What is written; of a date the midnight that begins it, or the one that many days later. */
function instantIn(zone: string, written: string | undefined, days: number): number | undefined {
  if (written === undefined) return undefined;
  const isDate = written.length === '2026-01-01'.length;
  return isDate ? startOfDayIn(zone, addDays(written, days)) : Date.parse(written);
}

/** Balances of another system keep their issuer, age and expiry. */
function bringAlong(book: Book, written: Written, { type, points }: Asked): string | undefined {
  const { issuer, earnedAt, expiresAt } = written.lot ?? {};
  if (points < 0) return 'number-too-small';
  const { timezone } = book.document.program;
  const until = instantIn(timezone, expiresAt, 1);
  if (until !== undefined && until <= book.at) return 'lot-expired';
  const { partners } = book.document;
  if (issuer !== undefined && !partners.some((partner) => partner.id === issuer)) {
    return 'unknown-partner';
  }
  const since = earnedAt ?? written.occurredAt;
  const lot: SlowLot = {
    issuer: issuer ?? '',
    expiresAt: until,
    earnedAt: instantIn(timezone, since, 0) ?? book.at,
    points,
  };
  book.deposit('import', [{ ...lot, type: type.id }], issuedBy(lot.issuer));
  return undefined;
}
