import type { Area } from '../../ops/access/areas.ts';
import type { GrantRead as Grant, UserChange } from '../../ops/access/requests.ts';
import { type Assigned, EVERYWHERE } from '../../ops/access/roles.ts';
import { isOver, type Session, type SessionLimits } from '../../ops/access/sessions.ts';
import { newToken, type Token } from '../../ops/access/tokens.ts';
import { linkText, newUser, USERS_MAX, type User, withLink } from '../../ops/access/users.ts';
import type { AuditEvent } from '../../ops/audit/chain.ts';
import type { AccessStore, Decided } from './access-store.ts';

/** Why access is left as it is. */
export type Unchanged = {
  readonly ok: false;
  readonly why: 'unknown' | 'exists' | 'last-administrator' | 'too-many';
};
export type Changed<T> = ({ readonly ok: true } & T) | Unchanged;

type WithUser = Changed<{ readonly user: User }>;
type WithToken = Changed<{ readonly token: Token; readonly text: string }>;
type WithLink = Changed<{ readonly user: User; readonly link: string }>;

const DAY = 86_400_000;
const AREAS_MAX = 1_000;
const TOKENS_MAX = 100_000;

/**
 * Everything that changes who may do what, for the commands and for HTTP alike: each change and
 * its audit row, under the name of whoever made it, are one write.
 */
export class Administration {
  readonly #store: AccessStore;
  readonly #actor: string;
  readonly #now: () => number;

  constructor(store: AccessStore, actor: string, now: () => number = Date.now) {
    this.#store = store;
    this.#actor = actor;
    this.#now = now;
  }

  /** A new user and the link by which they choose a password. */
  createUser(id: string, grant: Grant): WithLink {
    return this.#decide<WithLink>((at) => {
      if (this.#store.user(id)) return refuse('exists');
      if (this.#store.users().length >= USERS_MAX) return refuse('too-many');
      const { user, secret } = newUser({ id, ...grant, createdAt: at });
      const result = { ok: true as const, user, link: linkText(id, secret) };
      return this.#done(result, { users: [user] }, ['users.create', id, told(grant)]);
    });
  }

  /** The first administrator, where nobody ever was. */
  createFirst(id: string): WithLink {
    if (this.#store.users().length > 0) return { ok: false, why: 'exists' };
    return this.#decide<WithLink>((at) => {
      if (this.#store.users().length > 0) return refuse('exists');
      const name = 'First administrator';
      const grant = { name, role: 'administrator', scope: EVERYWHERE } as const;
      const { user, secret } = newUser({ id, ...grant, createdAt: at });
      const result = { ok: true as const, user, link: linkText(id, secret) };
      return this.#done(result, { users: [user] }, ['users.create', id, told(grant)]);
    });
  }

  /** A new link; the password and all sessions end. */
  resetUser(id: string): WithLink {
    return this.#ofUser<WithLink>(id, (before, at) => {
      const { user, secret } = withLink(before, at);
      const ended = this.#store.sessions(id);
      const result = { ok: true as const, user, link: linkText(id, secret) };
      return this.#done(result, { users: [user], ended }, ['users.reset', id, {}]);
    });
  }

  /** Other work, a pause or the end of one: it counts from the next request on. */
  changeUser(id: string, { grant, disabled }: UserChange): WithUser {
    return this.#ofUser<WithUser>(id, (before, at) => {
      const disabledAt = disabled === true ? (before.disabledAt ?? at) : before.disabledAt;
      const user = {
        ...before,
        ...grant,
        disabledAt: disabled === false ? undefined : disabledAt,
        link: disabled === true ? undefined : before.link,
      };
      const isNoneAnyMore = !isAdministrator(user) && this.#isLastAdministrator(before);
      if (isNoneAnyMore) return refuse('last-administrator');
      const ended = user.disabledAt === undefined ? [] : this.#store.sessions(id);
      const action = disabled === true ? 'users.disable' : 'users.change';
      const detail = { ...told(user), disabled: user.disabledAt !== undefined };
      return this.#done({ ok: true as const, user }, { users: [user], ended }, [
        action,
        id,
        detail,
      ]);
    });
  }

  endSession(session: Session): void {
    this.#decide(() => {
      const detail = { session: session.id };
      return this.#done(undefined, { ended: [session] }, ['session.end', session.user, detail]);
    });
  }

  endSessions(user: string): void {
    this.#decide(() => {
      const ended = this.#store.sessions(user);
      const detail = { ended: ended.length };
      return this.#done(undefined, { ended }, ['session.end', user, detail]);
    });
  }

  createToken(grant: Grant, days: number): WithToken {
    return this.#decide<WithToken>((at) => {
      if (this.#store.tokens().length >= TOKENS_MAX) return refuse('too-many');
      const made = newToken({ ...grant, createdAt: at, expiresAt: at + days * DAY });
      const event = ['tokens.create', made.token.id, { ...told(grant), days }] as const;
      return this.#done({ ok: true as const, ...made }, { tokens: [made.token] }, event);
    });
  }

  revokeToken(id: string): Changed<{ readonly token: Token }> {
    return this.#decide<Changed<{ readonly token: Token }>>((at) => {
      const before = this.#store.token(id);
      if (before === undefined) return refuse('unknown');
      const token = { ...before, revokedAt: before.revokedAt ?? at };
      const event = ['tokens.revoke', id, { name: token.name }] as const;
      return this.#done({ ok: true as const, token }, { tokens: [token] }, event);
    });
  }

  /** An area gets just these stores; without any it is gone. */
  setArea(area: Area): Changed<{ readonly area: Area }> {
    return this.#decide<Changed<{ readonly area: Area }>>(() => {
      const isNew = this.#store.area(area.name) === undefined;
      if (isNew && area.stores.length === 0) return refuse('unknown');
      if (isNew && this.#store.areas().length >= AREAS_MAX) return refuse('too-many');
      const event = ['areas.set', area.name, { stores: area.stores.join(',') }] as const;
      return this.#done({ ok: true as const, area }, { areas: [area] }, event);
    });
  }

  /** Forgets sessions that are over. Writes nothing where there are none. */
  dropOld(limits: SessionLimits): void {
    const old = () =>
      this.#store.sessions().filter((one) => isOver(one, { ...limits, now: this.#now() }));
    if (old().length === 0) return;
    this.#store.decide(() => ({ result: undefined, change: { ended: old() } }));
  }

  #isLastAdministrator(user: User): boolean {
    if (!isAdministrator(user)) return false;
    return !this.#store.users().some((one) => one.id !== user.id && isAdministrator(one));
  }

  #ofUser<T>(
    id: string,
    change: (user: User, at: number) => Decided<T | Unchanged>,
  ): T | Unchanged {
    return this.#decide<T | Unchanged>((at) => {
      const user = this.#store.user(id);
      return user === undefined ? refuse('unknown') : change(user, at);
    });
  }

  #decide<T>(decide: (at: number) => Decided<T>): T {
    return this.#store.decide(() => decide(this.#now()));
  }

  #done<T>(
    result: T,
    change: NonNullable<Decided<T>['change']>,
    [action, object, detail]: readonly [string, string, AuditEvent['detail']],
  ): Decided<T> {
    const at = this.#now();
    const event = { at, actor: this.#actor, action, object, outcome: 'done', detail } as const;
    return { result, change, event };
  }
}

function isAdministrator({ role, disabledAt }: User): boolean {
  return role === 'administrator' && disabledAt === undefined;
}

function refuse(why: Unchanged['why']): Decided<Unchanged> {
  return { result: { ok: false, why } };
}

/** A grant as the audit list tells it. */
function told({ name, role, scope }: Grant): AuditEvent['detail'] {
  const list = (reach: Assigned['stores']) => (reach === 'all' ? 'all' : reach.join(','));
  const { stores, areas, partners } = scope;
  return { name, role, stores: list(stores), areas: areas.join(','), partners: list(partners) };
}
