import { type Actor, fitsScope, may, type Permission, reaches } from '../../ops/access/roles.ts';
import { parseToken, stateOf } from '../../ops/access/tokens.ts';
import type { AccessStore } from './access-store.ts';

export type Entry =
  | { readonly ok: true; readonly actor: Actor }
  | { readonly ok: false; readonly why: 'no-token' | 'bad-token' };

/** Refusals that one actor may fill the audit list with, in a minute. */
const REFUSALS_NOTED_MAX = 60;
const MINUTE = 60_000;

/** Decides who somebody is and what they may do, and notes what was refused. */
export class Gatekeeper {
  readonly #store: AccessStore;
  readonly #now: () => number;
  readonly #noted = new Map<string, number>();
  #minute = 0;

  constructor(store: AccessStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Who sent an `Authorization` header. */
  enter(authorization: string | undefined): Entry {
    const [scheme, text = ''] = (authorization ?? '').split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer') return { ok: false, why: 'no-token' };
    const parsed = parseToken(text);
    if (parsed === undefined) return { ok: false, why: 'bad-token' };
    const token = this.#store.token(parsed.id);
    const state = stateOf(token, parsed.secret, this.#now());
    if (token === undefined || state === 'unknown') return { ok: false, why: 'bad-token' };
    const actor = { id: `token:${token.id}`, role: token.role, scope: token.scope };
    if (state === 'valid') return { ok: true, actor };
    this.refused(actor, 'access.enter', { reason: state });
    return { ok: false, why: 'bad-token' };
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

  /** A loud caller fills its own minute, not the disk. */
  refused(actor: Actor, action: string, detail: Readonly<Record<string, string>>): void {
    const at = this.#now();
    const minute = Math.floor(at / MINUTE);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#noted.clear();
    }
    const noted = this.#noted.get(actor.id) ?? 0;
    if (noted >= REFUSALS_NOTED_MAX) return;
    this.#noted.set(actor.id, noted + 1);
    const { id, role } = actor;
    this.#store.note({ at, actor: id, action, object: role, outcome: 'refused', detail });
  }
}
