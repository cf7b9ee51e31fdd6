import { hashPassword, isPassword } from '../../ops/access/password-hash.ts';
import { PASSWORD_LENGTH_MAX } from '../../ops/access/password-rules.ts';

/** Hashes at once: each takes a core for 50 ms and 19 MiB. */
const AT_ONCE_MAX = 2;
/** Who may wait for one; more are told to come again. */
const WAITING_MAX = 32;

/**
 * Checks passwords without letting anybody keep the machine busy with it, and takes as long for
 * somebody who does not exist as for somebody who does.
 */
export class PasswordKeeper {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #nobodys: Promise<string> | undefined;

  /** Whether as many wait as may. */
  get isFull(): boolean {
    return this.#waiting.length >= WAITING_MAX;
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hashPassword(password));
  }

  /** `kept` is `undefined` for somebody who does not exist, or has no password. */
  async matches(password: string, kept: string | undefined): Promise<boolean> {
    const isTooLong = password.length > 4 * PASSWORD_LENGTH_MAX;
    const given = isTooLong ? '' : password;
    const isSame = await this.#inTurn(async () => {
      // The password of nobody: nothing is equal to what was never told to anybody.
      this.#nobodys ??= hashPassword(crypto.randomUUID());
      return isPassword(given, kept ?? (await this.#nobodys));
    });
    return isSame && kept !== undefined && !isTooLong;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < AT_ONCE_MAX) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // Who waits takes over the place, so that nobody who comes just now can slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
