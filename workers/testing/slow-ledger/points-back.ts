import type { Book } from './book.ts';
import type { Desk, SlowCorrection } from './desk.ts';
import { correctBrought } from './merging.ts';
import { typeIn } from './programme.ts';
import type { ReturnStep, Sale } from './returns.ts';

/**
 * The points of a return: on the member; on its survivor by a relay; of who has left they are gone.
 */
export function pointsBack(
  desk: Desk,
  book: Book,
  { sale, step }: { readonly sale: Sale; readonly step: ReturnStep },
): void {
  const refunds = (type: string) => typeIn(book.document, type)?.refund ?? false;
  const taken = step.takeBack.filter(({ type }) => refunds(type));
  const given = step.giveBack.filter(({ unit }) => refunds(unit));
  const { standing } = book.member;
  if (standing.kind === 'open') {
    for (const back of taken) book.takeBack(back);
    for (const back of given) book.giveBack(back);
  }
  const { into: member } = standing;
  if (member === undefined) return;
  const { id: checkout } = sale.written;
  const corrections = [
    ...taken.map(({ issuer, ...back }): SlowCorrection => {
      return { ...back, correction: 'revoke', partner: issuer, earnedAt: undefined };
    }),
    ...given.map(({ unit, to, points, promotion, lot, earnedAt }): SlowCorrection => {
      const about = { type: unit, points, promotion, lot, earnedAt, checkout };
      return { ...about, correction: 'give-back', partner: to.slice('accepted:'.length) };
    }),
  ];
  const usage = step.isLast ? ownUsage(sale) : [];
  if (corrections.length + usage.length === 0) return;
  const act = { act: 'correct', member, corrections, usage } as const;
  correctBrought(desk, book.member.id, act);
  desk.send(book.member, member, act);
}

function ownUsage({ decision }: Sale) {
  const own = decision.usage.filter(({ scope }) => scope === 'member');
  return own.map(({ key, uses, units, discount, points, until }) => {
    return { key, uses, units, discount, points, until };
  });
}
