import { LoginThrottle } from '../../ops/access/login-throttle.ts';
import { type PasswordProblem, passwordProblem } from '../../ops/access/password-rules.ts';
import { newSession, type Session, tooMany } from '../../ops/access/sessions.ts';
import { isUserId, opensLink, parseLink, seenAt, type User } from '../../ops/access/users.ts';
import type { AuditEvent } from '../../ops/audit/chain.ts';
import type { AccessStore, Change } from './access-store.ts';
import { userActor } from './gatekeeper.ts';
import { PasswordKeeper } from './password-keeper.ts';

/** Where somebody logs in from. */
export interface From {
  readonly address: string;
  readonly agent: string;
  /** The session they had there: a new one takes its place. */
  readonly before?: Session | undefined;
}

export type LoggedIn = {
  readonly ok: true;
  readonly user: User;
  readonly session: Session;
  /** What the cookie holds; kept nowhere. */
  readonly text: string;
};

export type NotLoggedIn =
  | { readonly ok: false; readonly why: 'wrong' | 'busy' | PasswordProblem }
  | { readonly ok: false; readonly why: 'throttled'; readonly waitMs: number };

export interface AccountsOptions {
  readonly store: AccessStore;
  readonly now?: () => number;
  /** Notes what was refused, within limits. */
  readonly refused: (user: string, action: string, reason: string) => void;
}

/** Logging in and out, and passwords. Whatever is wrong, it is not told what. */
export class Accounts {
  readonly #store: AccessStore;
  readonly #now: () => number;
  readonly #refused: AccountsOptions['refused'];
  readonly #passwords = new PasswordKeeper();
  readonly #throttle = new LoginThrottle();

  constructor({ store, now = Date.now, refused }: AccountsOptions) {
    this.#store = store;
    this.#now = now;
    this.#refused = refused;
  }

  async login(given: {
    readonly user: string;
    readonly password: string;
    readonly from: From;
  }): Promise<LoggedIn | NotLoggedIn> {
    const { user: id, password, from } = given;
    const user = isUserId(id) ? this.#store.user(id) : undefined;
    const held = this.#hold(id, user, from);
    if (held) return held;
    const isRight = await this.#passwords.matches(password, user?.password);
    if (!isRight || user === undefined || user.disabledAt !== undefined) {
      if (user) this.#refused(user.id, 'session.begin', 'password');
      return { ok: false, why: 'wrong' };
    }
    // While the password was looked at, it may have been changed.
    return this.#begin(from, (now) => {
      const present = this.#store.user(user.id);
      if (present === undefined || present.disabledAt !== undefined) return undefined;
      if (present.password !== user.password) return undefined;
      return { user: present, action: 'session.begin', now };
    });
  }

  /** A one-time link is used: the password is chosen, and whoever was logged in is not any more. */
  async redeem(given: {
    readonly link: string;
    readonly password: string;
    readonly from: From;
  }): Promise<LoggedIn | NotLoggedIn> {
    const { link, password, from } = given;
    const { user: id = '', secret = '' } = parseLink(link) ?? {};
    const user = id === '' ? undefined : this.#store.user(id);
    // Nobody guesses a link; but whoever tries must not keep us busy.
    const held = this.#hold(undefined, user, from);
    if (held) return held;
    if (!opensLink(user, secret, this.#now())) {
      if (user) this.#refused(user.id, 'user.welcome', 'link');
      return { ok: false, why: 'wrong' };
    }
    const problem = passwordProblem(password, id);
    if (problem) return { ok: false, why: problem };
    const hash = await this.#passwords.hash(password);
    return this.#begin(from, (now) => {
      const present = this.#store.user(id);
      if (!opensLink(present, secret, now) || present === undefined) return undefined;
      const changed = { ...present, password: hash, link: undefined };
      return { user: changed, action: 'user.welcome', now, endsOthers: true };
    });
  }

  /** A changed password ends every session of the user; the one that changed it begins anew. */
  async changePassword(given: {
    readonly user: string;
    readonly current: string;
    readonly password: string;
    readonly from: From;
  }): Promise<LoggedIn | NotLoggedIn> {
    const { current, password, from } = given;
    const user = this.#store.user(given.user);
    const held = this.#hold(given.user, user, from);
    if (held) return held;
    if (!(await this.#passwords.matches(current, user?.password)) || user === undefined) {
      this.#refused(given.user, 'user.password', 'password');
      return { ok: false, why: 'wrong' };
    }
    const problem = passwordProblem(password, user.id);
    if (problem) return { ok: false, why: problem };
    const hash = await this.#passwords.hash(password);
    return this.#begin(from, (now) => {
      const present = this.#store.user(user.id);
      if (present === undefined || present.password !== user.password) return undefined;
      const changed = { ...present, password: hash };
      return { user: changed, action: 'user.password', now, endsOthers: true };
    });
  }

  #hold(
    id: string | undefined,
    user: User | undefined,
    { address }: From,
  ): NotLoggedIn | undefined {
    if (this.#passwords.isFull) return { ok: false, why: 'busy' };
    const isKnown = user?.knownAddresses.includes(address) ?? false;
    const attempt = { user: id?.slice(0, 64), address, isKnown };
    const waitMs = this.#throttle.attempt(attempt, this.#now());
    if (waitMs === 0) return undefined;
    if (user) this.#refused(user.id, 'session.begin', 'throttled');
    return { ok: false, why: 'throttled', waitMs };
  }

  /** A session, the user and the audit row in one write; `undefined` from `judge`: not any more. */
  #begin(
    from: From,
    judge: (now: number) => Beginning | undefined,
  ): LoggedIn | { readonly ok: false; readonly why: 'wrong' } {
    const { address, agent, before } = from;
    return this.#store.decide<LoggedIn | { ok: false; why: 'wrong' }>(() => {
      const beginning = judge(this.#now());
      if (beginning === undefined) return { result: { ok: false, why: 'wrong' } };
      const { now, action, endsOthers = false } = beginning;
      const user = seenAt(beginning.user, address);
      const made = newSession({ user: user.id, createdAt: now, address, agent });
      const sessions = this.#store.sessions(user.id);
      const left = sessions.filter(({ id }) => id !== before?.id);
      const ended = endsOthers ? sessions : [...tooMany(left), ...(before ? [before] : [])];
      this.#throttle.succeeded({ user: user.id, address });
      const change: Change = { users: [user], sessions: [made.session], ended };
      const detail = { session: made.session.id, address, ended: ended.length };
      const event: AuditEvent = {
        at: now,
        actor: userActor(user.id),
        action,
        object: user.id,
        outcome: 'done',
        detail,
      };
      return { result: { ok: true, user, ...made }, change, event };
    });
  }
}

interface Beginning {
  readonly user: User;
  readonly action: 'session.begin' | 'user.welcome' | 'user.password';
  readonly now: number;
  readonly endsOthers?: boolean;
}
