import { type Rate, RateLimit } from '../../ops/access/rate-limit.ts';
import type { Problem } from './problem.ts';

/** Requests a second of one caller, in the long run. */
export interface Rates {
  /** Of one token: a till, or a gateway that speaks for many. */
  readonly token: number;
  /** Of one person, over all their sessions. */
  readonly person: number;
  /** Of one address that shows no token, or a wrong one. */
  readonly stranger: number;
}

export const RATES: Rates = { token: 2_000, person: 50, stranger: 20 };
/** What may come at once, in seconds of the rate: a till that was away catches up. */
const BURST_SECONDS = 5;

/** How often each caller may ask. What the machine itself asks is not counted. */
export class CallerRates {
  readonly #tokens: RateLimit;
  readonly #persons: RateLimit;
  readonly #strangers: RateLimit;
  readonly #now: () => number;

  constructor(rates: Partial<Rates> = {}, now: () => number = Date.now) {
    const { token, person, stranger } = { ...RATES, ...rates };
    this.#tokens = new RateLimit(rateOf(token));
    this.#persons = new RateLimit(rateOf(person));
    this.#strangers = new RateLimit(rateOf(stranger));
    this.#now = now;
  }

  known(actor: string, isPerson: boolean): Problem | undefined {
    return heldFor((isPerson ? this.#persons : this.#tokens).take(actor, this.#now()));
  }

  stranger(address: string): Problem | undefined {
    return heldFor(this.#strangers.take(address, this.#now()));
  }
}

function rateOf(perSecond: number): Rate {
  return { perSecond, burst: perSecond * BURST_SECONDS };
}

function heldFor(waitMs: number): Problem | undefined {
  return waitMs === 0 ? undefined : tooManyRequests(waitMs);
}

export function tooManyRequests(waitMs: number): Problem {
  return {
    status: 429,
    code: 'too-many-requests',
    detail: 'Slow down: this caller asks more often than is allowed.',
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  };
}
