import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Actor, may, type Permission, type Reach } from '../../ops/access/roles.ts';
import { TILL_KINDS } from '../../workers/batch/admission.ts';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import { type Problem, sendProblem } from './problem.ts';

/**
 * Who may use which route. Every route says what it needs; one that says nothing is closed. With
 * no gatekeeper, on the loopback of one machine, everybody may do everything.
 */

/** `open`: for everybody. `by-kind`: depends on the transactions in the body. */
export type RoutePermission = Permission | 'open' | 'by-kind';

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: RoutePermission;
  }
}

/** What a request's transactions are sent as, or why they are not. */
export type Admission =
  | { readonly ok: true; readonly store: string | undefined }
  | { readonly ok: false; readonly problem: Problem };

/** Who sent a request, for the routes that write down who did what. Never taken from a body. */
export interface Caller {
  readonly name: string;
  readonly stores: Reach;
  /** Whether the role allows it. What is refused is noted by whoever refuses. */
  readonly may: (permission: Permission) => boolean;
}

export interface Guard {
  readonly callerOf: (request: FastifyRequest) => Caller;
  /** Judges transactions that came over a `by-kind` route. */
  readonly admit: (
    request: FastifyRequest,
    transactions: readonly unknown[],
    asks: 'transactions.submit' | 'quotes.ask',
  ) => Admission;
}

/** Everybody on this machine, where nobody is asked. */
const LOCAL: Caller = { name: 'local', stores: 'all', may: () => true };
const UNGUARDED: Guard = {
  callerOf: () => LOCAL,
  admit: () => ({ ok: true, store: undefined }),
};

export function guardRoutes(app: FastifyInstance, keeper: Gatekeeper | undefined): Guard {
  if (keeper === undefined) return UNGUARDED;
  const actors = new WeakMap<FastifyRequest, Actor>();
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const { permission } = request.routeOptions.config;
    if (permission === 'open') return;
    const entry = keeper.enter(request.headers.authorization);
    if (!entry.ok) {
      reply.header('www-authenticate', 'Bearer realm="arbiter"');
      return sendProblem(reply, entry.why === 'no-token' ? NO_TOKEN : BAD_TOKEN);
    }
    const isAllowed =
      permission === 'by-kind' ||
      (permission !== undefined && keeper.allows(entry.actor, permission));
    if (!isAllowed) return sendProblem(reply, NOT_ALLOWED);
    actors.set(request, entry.actor);
  });
  return {
    callerOf: (request) => callerOf(actors.get(request)),
    admit: (request, transactions, asks) => {
      const actor = actors.get(request);
      if (actor === undefined) return { ok: false, problem: NO_TOKEN };
      return admission(keeper, actor, { transactions, asks });
    },
  };
}

/** A route that was not guarded has no caller who may do anything. */
function callerOf(actor: Actor | undefined): Caller {
  if (actor === undefined) return { name: 'nobody', stores: [], may: () => false };
  const { id, scope } = actor;
  return { name: id, stores: scope.stores, may: (permission) => may(actor, permission) };
}

function admission(
  keeper: Gatekeeper,
  actor: Actor,
  sent: {
    readonly transactions: readonly unknown[];
    readonly asks: 'transactions.submit' | 'quotes.ask';
  },
): Admission {
  const isOrdinary = sent.transactions.every((one) => TILL_KINDS.has(textIn(one, 'kind')));
  const needed = isOrdinary ? sent.asks : 'points.adjust';
  if (!keeper.allows(actor, needed)) return { ok: false, problem: NOT_ALLOWED };
  const { stores } = actor.scope;
  if (stores === 'all') return { ok: true, store: undefined };
  // The processor holds them to this store, by the ledger where they name none.
  const [only, ...others] = stores;
  const named = others.length === 0 ? only : commonStore(sent.transactions);
  if (named === undefined) return { ok: false, problem: ONE_STORE };
  if (!keeper.reachesStore(actor, named)) return { ok: false, problem: NOT_ALLOWED };
  return { ok: true, store: named };
}

function commonStore(transactions: readonly unknown[]): string | undefined {
  const [first, ...others] = transactions.map((one) => textIn(one, 'store'));
  return first !== '' && others.every((store) => store === first) ? first : undefined;
}

function textIn(value: unknown, field: string): string {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return '';
  const found: unknown = Reflect.get(value, field);
  return typeof found === 'string' ? found : '';
}

const NO_TOKEN: Problem = {
  status: 401,
  code: 'token-missing',
  detail: 'Send `Authorization: Bearer` with a token of `arbiter tokens create`.',
};
const BAD_TOKEN: Problem = {
  status: 401,
  code: 'token-invalid',
  detail: 'This token is not known, has expired or was revoked.',
};
const NOT_ALLOWED: Problem = {
  status: 403,
  code: 'not-allowed',
  detail: 'The holder of this token may not do that; the attempt was noted.',
};
const ONE_STORE: Problem = {
  status: 403,
  code: 'store-unclear',
  detail: 'This token speaks for several stores: all transactions of a request have to name one.',
};
