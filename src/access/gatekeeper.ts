import { parseCookie } from 'cookie';
import { scopeOf } from '../../ops/access/areas.ts';
import {
  type Actor,
  type Assigned,
  fitsScope,
  may,
  type Permission,
  type Role,
  reaches,
} from '../../ops/access/roles.ts';
import { digestOf, proves } from '../../ops/access/secrets.ts';
import {
  csrfTokenOf,
  parseSession,
  SEEN_PRECISION_MS,
  type Session,
  type SessionLimits,
  stateOfSession,
} from '../../ops/access/sessions.ts';
import { parseToken, stateOf } from '../../ops/access/tokens.ts';
import type { AccessStore } from './access-store.ts';

/** A session that a request came with. */
export interface Presence {
  readonly session: Session;
  /** What has to come with each change, or another site could make it. */
  readonly csrfToken: string;
}

export type Entry =
  | { readonly ok: true; readonly actor: Actor; readonly presence?: Presence }
  | { readonly ok: false; readonly why: 'no-token' | 'bad-token' };

/** What a request says about who sent it. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

/**
 * Only this origin's pages over an encrypted connection, or this machine's, get a cookie of such
 * a name back: no other site, and no other port's plain page, can put one there.
 */
export const SESSION_COOKIE = '__Host-arbiter';

const MINUTE = 60_000;
export const SESSION_LIMITS: SessionLimits = { idleMs: 30 * MINUTE, absoluteMs: 12 * 60 * MINUTE };

/** Refusals that one actor may fill the audit list with, in a minute. */
const REFUSALS_NOTED_MAX = 60;
/** And all of them together: names of callers that do not exist are free. */
const REFUSALS_OF_ALL_MAX = 1_200;
const NOBODY: Entry = { ok: false, why: 'no-token' };
const STRANGER: Entry = { ok: false, why: 'bad-token' };

export interface GatekeeperOptions {
  readonly now?: () => number;
  readonly sessions?: SessionLimits;
}

/** Decides who somebody is and what they may do, and notes what was refused. */
export class Gatekeeper {
  readonly #store: AccessStore;
  readonly #now: () => number;
  readonly #limits: SessionLimits;
  readonly #noted = new Map<string, number>();
  #minute = 0;
  #notedOfAll = 0;

  constructor(store: AccessStore, options: GatekeeperOptions = {}) {
    this.#store = store;
    this.#now = options.now ?? Date.now;
    this.#limits = options.sessions ?? SESSION_LIMITS;
  }

  /** Who sent a request. A token goes before a session. */
  enter({ authorization, cookie }: Credentials): Entry {
    if (authorization !== undefined) return this.#byToken(authorization);
    const text = cookie === undefined ? undefined : parseCookie(cookie)[SESSION_COOKIE];
    return text === undefined ? NOBODY : this.#bySession(text);
  }

  #byToken(authorization: string): Entry {
    const [scheme, text = ''] = authorization.split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer') return NOBODY;
    const parsed = parseToken(text);
    if (parsed === undefined) return STRANGER;
    const token = this.#store.token(parsed.id);
    const state = stateOf(token, parsed.secret, this.#now());
    if (token === undefined || state === 'unknown') return STRANGER;
    const actor = this.#actor(`token:${token.id}`, token);
    if (state === 'valid') return { ok: true, actor };
    this.refused(actor, 'access.enter', { reason: state });
    return STRANGER;
  }

  #bySession(text: string): Entry {
    const parsed = parseSession(text);
    if (parsed === undefined) return STRANGER;
    const now = this.#now();
    const session = this.#store.session(parsed.id);
    const state = stateOfSession(session, parsed.secret, { ...this.#limits, now });
    const user = session && this.#store.user(session.user);
    if (session === undefined || user === undefined || state === 'unknown') return STRANGER;
    const actor = this.#actor(userActor(user.id), user);
    if (state === 'expired' || user.disabledAt !== undefined) {
      this.refused(actor, 'access.enter', { reason: state === 'valid' ? 'disabled' : state });
      return STRANGER;
    }
    if (session.seenAt + SEEN_PRECISION_MS <= now) this.#saw(session.id, now);
    return { ok: true, actor, presence: { session, csrfToken: csrfTokenOf(parsed.secret) } };
  }

  /** Somebody may have ended the session meanwhile: it must not come back. */
  #saw(id: string, now: number): void {
    this.#store.decide(() => {
      const session = this.#store.session(id);
      return { result: undefined, ...(session && { change: { sessions: [seen(session, now)] } }) };
    });
  }

  #actor(id: string, { role, scope }: { readonly role: Role; readonly scope: Assigned }): Actor {
    const storesOf = (area: string) => this.#store.area(area)?.stores;
    return { id, role, scope: scopeOf(scope, storesOf) };
  }

  /** Whether an actor may do something; a refusal is noted. */
  allows(actor: Actor, permission: Permission): boolean {
    const reason = may(actor, permission) ? 'scope' : 'role';
    if (reason === 'scope' && fitsScope(actor, permission)) return true;
    this.refused(actor, permission, { reason });
    return false;
  }

  /** Whether an actor may speak for a store; a refusal is noted. */
  reachesStore(actor: Actor, store: string): boolean {
    if (reaches(actor.scope.stores, store)) return true;
    this.refused(actor, 'transactions.submit', { reason: 'store', store: store.slice(0, 64) });
    return false;
  }

  /** Whether an actor may speak for a partner; a refusal is noted. */
  reachesPartner(actor: Actor, partner: string): boolean {
    if (reaches(actor.scope.partners, partner)) return true;
    const detail = { reason: 'partner', partner: partner.slice(0, 64) };
    this.refused(actor, 'transactions.submit', detail);
    return false;
  }

  /** Whether a change that a session asks for was asked for by a page of ours. */
  isOurPage(actor: Actor, { csrfToken }: Presence, sent: unknown): boolean {
    if (typeof sent === 'string' && proves(sent, digestOf(csrfToken))) return true;
    this.refused(actor, 'access.enter', { reason: 'csrf' });
    return false;
  }

  /** A loud caller fills its own minute, not the disk. */
  refused(
    actor: Pick<Actor, 'id' | 'role'>,
    action: string,
    detail: Readonly<Record<string, string>>,
  ): void {
    const at = this.#now();
    const minute = Math.floor(at / MINUTE);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#notedOfAll = 0;
      this.#noted.clear();
    }
    const noted = this.#noted.get(actor.id) ?? 0;
    if (noted >= REFUSALS_NOTED_MAX || this.#notedOfAll >= REFUSALS_OF_ALL_MAX) return;
    this.#notedOfAll += 1;
    this.#noted.set(actor.id, noted + 1);
    const { id, role } = actor;
    this.#store.note({ at, actor: id, action, object: role, outcome: 'refused', detail });
  }
}

/** What a user is called in the audit list. */
export function userActor(user: string): string {
  return `user:${user}`;
}

function seen(session: Session, now: number): Session {
  return { ...session, seenAt: now };
}
