import type { Decision } from '../../../core/arbitration/decision.ts';
import { sum } from './account.ts';
import { type Book, issuedBy, type Spend } from './book.ts';
import type { Written } from './expected.ts';
import { type Document, partnerOf } from './programme.ts';

/** Grants or promises what a checkout earned. */
export function accrue(book: Book, checkout: string, { accruals }: Decision): void {
  for (const { type, points, promotion, issuer = '', credit } of accruals) {
    if (credit.kind === 'at-checkout') {
      book.grant('accrual', { type, points, from: issuedBy(issuer), issuer, promotion });
    } else {
      const creditAt = credit.kind === 'at' ? credit.at : undefined;
      book.promise({ type, points, issuer, checkout, promotion, creditAt });
    }
  }
}

/** What points pay, partner by partner: each accepts what its own lines cost. */
export function spendsOf(
  document: Document,
  written: Written,
  decision: Decision,
): readonly Spend[] {
  return spendsBy(acceptorsOf(document, written), decision);
}

/** The same, where it is known whose goods each line is. */
export function spendsBy(acceptors: readonly string[], decision: Decision): readonly Spend[] {
  return decision.redemptions.flatMap(({ type, promotion = '', pointShares }) => {
    const paid = new Set(acceptors.filter((_, place) => (pointShares[place] ?? 0) > 0));
    return [...paid].map((acceptor) => {
      const points = sum(pointShares.filter((_, place) => acceptors[place] === acceptor));
      return { type, points, promotion, acceptor };
    });
  });
}

/** Whose goods each line is. */
export function acceptorsOf(document: Document, { partner, store, lines = [] }: Written): string[] {
  const seller = partner ?? partnerOf(document, store) ?? 'programme';
  return lines.map((line) => line.partner ?? seller);
}
