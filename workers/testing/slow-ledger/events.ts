import { spendableAt, sum } from './account.ts';
import { type Book, issuedBy } from './book.ts';
import type { Written } from './expected.ts';
import { type DocumentPromotion, isDeactivated, typeIn } from './programme.ts';

/** What one promotion gives for an event, or takes. */
interface Due {
  readonly promotion: string;
  readonly type: string;
  readonly points: number;
  readonly deducts: boolean;
}

/**
 * An event runs the trigger promotions that wait for it (003-26). Those of these tests are plain
 * enough to say what they give without asking the arbitration. Says why the event is refused.
 */
export function happen(book: Book, written: Written): string | undefined {
  const promotions = book.document.arbitration.children.filter(
    ({ type, when }) => type === 'trigger' && when?.['event.type'] === written['event'],
  );
  const due = promotions.map((promotion) => dueBy(book, promotion, written['value']));
  // Decision 6: whoever names points outside of the range has made a mistake.
  if (due.includes(undefined)) return 'points-out-of-range';
  const all = due.filter((each) => each !== undefined);
  const { shortBalance } = book.document.program.settings;
  if (shortBalance === 'reject' && all.some((each) => isShort(book, all, each))) {
    return 'insufficient-points';
  }
  for (const { promotion, type, points, deducts } of all) {
    const there = spendableAt(book.account(type), book.at);
    const taken = points > there && shortBalance === 'skip' ? 0 : Math.min(points, there);
    if (!deducts) {
      book.grant('accrual', { type, points, from: issuedBy(''), issuer: '', promotion });
    } else if (taken > 0) {
      book.spend('deduction', { type, points: taken, to: 'adjustment', promotion });
    }
  }
  return undefined;
}

function isShort(book: Book, all: readonly Due[], { type }: Due): boolean {
  const taken = all.filter((other) => other.deducts && other.type === type);
  return sum(taken.map(({ points }) => points)) > spendableAt(book.account(type), book.at);
}

function dueBy(
  { document, at }: Book,
  { promotion, deducts = false, benefits }: DocumentPromotion,
  value: unknown,
): Due | undefined {
  const benefit = benefits.list[0]?.points ?? {};
  const type = typeIn(document, benefit.type ?? '');
  if (!type) throw new Error(`${promotion} gives points of no type`);
  const { fixed, range } = benefit;
  const given = value === undefined ? range?.from : Number(value);
  const isOutside = range && given !== undefined && (given < range.from || given > range.to);
  if (isOutside) return undefined;
  // Of a type that is over nothing is given or taken.
  if (isDeactivated(document, type.id, at)) {
    return { promotion, type: type.id, points: 0, deducts };
  }
  const points = fixed ?? given ?? 0;
  return { promotion, type: type.id, points: points * 10 ** type.precision, deducts };
}
