import type { ArbitrationTree } from '../arbitration/tree.ts';
import { must } from '../assert.ts';
import type { Instant } from '../money/units.ts';
import { addDays, parseDate } from '../time/date.ts';
import { startOfDay } from '../time/local.ts';
import type { BroughtLot } from '../transaction/transaction.ts';
import type { Refused } from './guards.ts';

interface Brought {
  readonly ok: true;
  readonly issuer: string | undefined;
  readonly earnedAt: Instant | undefined;
  readonly expiresAt: Instant | undefined;
}

/** Points that are brought along are there, not expired, and of an issuer that is known. */
export function broughtLot(
  lot: BroughtLot,
  { amount, at, tree }: { amount: number; at: Instant; tree: ArbitrationTree },
): Brought | Refused {
  if (amount < 0) {
    const message = 'points that are brought along cannot be below zero';
    return { ok: false, reason: 'number-too-small', path: '/amount', message };
  }
  const { issuer } = lot;
  // A date is the last day of the points, as with those whose validity the rule set knows.
  const expiresAt = instantOf(lot.expiresAt, { zone: tree.zone, daysAfter: 1 });
  if (expiresAt !== undefined && expiresAt <= at) {
    const message = 'these points have expired already';
    return { ok: false, reason: 'lot-expired', path: '/lot/expiresAt', message };
  }
  if (issuer !== undefined && tree.closedWorld && !tree.hasPartner(issuer)) {
    const message = `the rule set has no partner \`${issuer}\``;
    return { ok: false, reason: 'unknown-partner', path: '/lot/issuer', message };
  }
  const earnedAt = instantOf(lot.earnedAt, { zone: tree.zone, daysAfter: 0 });
  return { ok: true, issuer, earnedAt, expiresAt };
}

/** An instant as it is; of a date the first instant of it, or of a day after it. */
function instantOf(
  written: BroughtLot['expiresAt'],
  { zone, daysAfter }: { readonly zone: string; readonly daysAfter: number },
): Instant | undefined {
  if (typeof written !== 'string') return written;
  const date = must(parseDate(written), 'a decoded date is one');
  return startOfDay(addDays(date, daysAfter), zone);
}
