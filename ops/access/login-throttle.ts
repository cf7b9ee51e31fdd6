import { RateLimit } from './rate-limit.ts';

/**
 * How often somebody may try to log in. Guessing is slowed down for each account and for each
 * address, never stopped for good: whoever guesses at an account cannot keep its owner out, who
 * has a bucket of their own at the addresses they have logged in from before.
 */

const ACCOUNT = { perSecond: 1 / 30, burst: 10 };
const ADDRESS = { perSecond: 1 / 6, burst: 30 };
const KNOWN = { perSecond: 1 / 30, burst: 10 };

export interface Attempt {
  /** As it was given, whether there is such a user or not; `undefined`: nothing to guess. */
  readonly user: string | undefined;
  readonly address: string;
  /** Whether the user has logged in from there before. */
  readonly isKnown: boolean;
}

export class LoginThrottle {
  readonly #accounts = new RateLimit(ACCOUNT);
  readonly #addresses = new RateLimit(ADDRESS);
  readonly #known = new RateLimit(KNOWN);

  /** Counts an attempt. 0, or after how many milliseconds it may be made. */
  attempt({ user, address, isKnown }: Attempt, now: number): number {
    const wait = this.#addresses.take(address, now);
    if (wait > 0 || user === undefined) return wait;
    return isKnown ? this.#known.take(`${user} ${address}`, now) : this.#accounts.take(user, now);
  }

  /** What succeeded was no guess. */
  succeeded({ user, address }: Pick<Attempt, 'address'> & { readonly user: string }): void {
    this.#known.forget(`${user} ${address}`);
    this.#addresses.forget(address);
  }
}
