import type { SentCorrection } from '../../transaction/member-transactions.ts';
import type { GivenBack, PointsBack, Revoked } from '../points-back.ts';

const ACCEPTED = 'accepted:';

/** The points of a return, noted for the partition of the member they belong to now. */
export class RelayedBack implements PointsBack {
  readonly corrections: SentCorrection[] = [];
  readonly #checkout: string;

  constructor(checkout: string) {
    this.#checkout = checkout;
  }

  revoke({ type, issuer, checkout, promotion, lot, points }: Revoked): void {
    const moved = { type, promotion, checkout, lot, points, earnedAt: undefined };
    this.corrections.push({ ...moved, correction: 'revoke', partner: issuer ?? '' });
  }

  giveBack({ type, points, promotion, acceptor, lot, earnedAt }: GivenBack): void {
    const checkout = this.#checkout;
    const partner = acceptor.startsWith(ACCEPTED) ? acceptor.slice(ACCEPTED.length) : '';
    const moved = { type, promotion, checkout, lot, points, earnedAt };
    this.corrections.push({ ...moved, correction: 'give-back', partner });
  }
}
