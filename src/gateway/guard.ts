import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, may, type Permission, type Reach } from '../../ops/access/roles.ts';
import {
  type Entry,
  type Gatekeeper,
  type Presence,
  SESSION_COOKIE,
} from '../access/gatekeeper.ts';
import { type Admission, admission, NOT_ALLOWED } from './admission.ts';
import { CallerRates, type Rates } from './caller-rates.ts';
import { type Problem, sendProblem } from './problem.ts';
import { clearSession } from './session-cookie.ts';

/**
 * Who may use which route. Every route says what it needs; one that says nothing is closed. On
 * the loopback of one machine whoever shows nothing is the machine's own operator and may do
 * everything but what would outlast that: manage access, and read who did what.
 */

/** `open`: for everybody. `session`: for who is logged in. `by-kind`: depends on the body. */
export type RoutePermission = Permission | 'open' | 'session' | 'by-kind';

type Entered = Extract<Entry, { readonly ok: true }>;

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: RoutePermission;
  }
  interface FastifyRequest {
    /** Who was let in, by what they showed. */
    entered: Entered | undefined;
    /** Let in without showing anything, at this machine. */
    fromMachine: boolean;
  }
}

/** Who sent a request, for the routes that write down who did what. Never taken from a body. */
export interface Caller {
  readonly name: string;
  readonly stores: Reach;
  readonly partners: Reach;
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
  /** Who sent a request that was let in; `undefined` for whoever sits at this machine. */
  readonly actorOf: (request: FastifyRequest) => Actor | undefined;
  /** The session that a request came with. */
  readonly presenceOf: (request: FastifyRequest) => Presence | undefined;
}

export interface GuardOptions {
  /** True where whoever shows nothing is the operator of this machine. */
  readonly trustsMachine: boolean;
  readonly rates?: Partial<Rates> | undefined;
}

/** Everybody on this machine, where nobody is asked. */
const LOCAL: Caller = { name: 'local', stores: 'all', partners: 'all', may: () => true };
/** A route that was not guarded has no caller who may do anything. */
const STRANGER: Caller = { name: 'nobody', stores: [], partners: [], may: () => false };

const UNGUARDED: Guard = {
  callerOf: () => LOCAL,
  admit: () => ({ ok: true, store: undefined }),
  actorOf: () => undefined,
  presenceOf: () => undefined,
};

/** What a login is asked for even on the loopback. */
const ALWAYS_ASKED: ReadonlySet<RoutePermission | undefined> = new Set<RoutePermission>([
  'access.manage',
  'audit.read',
  'session',
]);
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function guardRoutes(
  app: FastifyInstance,
  keeper: Gatekeeper | undefined,
  options: GuardOptions = { trustsMachine: false },
): Guard {
  if (keeper === undefined) return UNGUARDED;
  const guarding = new Guarding(keeper, options);
  app.decorateRequest('entered', undefined);
  app.decorateRequest('fromMachine', false);
  // Each route gets a guard of its own, which knows what it needs: no request has to look it up.
  app.addHook('onRoute', (route) => {
    const inherited = [route.onRequest ?? []].flat();
    if (inherited.some((hook) => guards.has(hook))) return;
    const hook = hookFor(guarding, route.config?.permission);
    guards.add(hook);
    route.onRequest = [hook, ...inherited];
  });
  return guarding;
}

/** The guards there are: a route that is made of another one has it already. */
const guards = new WeakSet<object>();

function hookFor(guarding: Guarding, permission: RoutePermission | undefined) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const problem = guarding.refusal(request, permission);
    if (problem === undefined) return done();
    if (problem.status === 401) {
      reply.header('www-authenticate', 'Bearer realm="arbiter"');
      if (request.headers.cookie?.includes(SESSION_COOKIE)) clearSession(reply);
    }
    sendProblem(reply, problem);
  };
}

class Guarding implements Guard {
  readonly #keeper: Gatekeeper;
  readonly #trustsMachine: boolean;
  readonly #rates: CallerRates;

  constructor(keeper: Gatekeeper, { trustsMachine, rates }: GuardOptions) {
    this.#keeper = keeper;
    this.#trustsMachine = trustsMachine;
    this.#rates = new CallerRates(rates);
  }

  /** Why a request is not let in; `undefined` when it is. */
  refusal(request: FastifyRequest, permission: RoutePermission | undefined): Problem | undefined {
    if (!READING.has(request.method) && isFromElsewhere(request)) return ELSEWHERE;
    if (permission === 'open') {
      this.#notice(request);
      return undefined;
    }
    if (this.#isMachine(request, permission)) {
      request.fromMachine = true;
      return foreignHost(request);
    }
    const entry = this.#keeper.enter(request.headers);
    if (!entry.ok) {
      const held = this.#rates.stranger(request.ip);
      return held ?? (entry.why === 'no-token' ? NO_TOKEN : BAD_TOKEN);
    }
    return this.#refusalOf(request, { entry, permission });
  }

  /** Who logs in while being logged in leaves the session they had. */
  #notice(request: FastifyRequest): void {
    if (READING.has(request.method) || request.headers.cookie === undefined) return;
    const entry = this.#keeper.enter({ cookie: request.headers.cookie });
    if (entry.ok) request.entered = entry;
  }

  #refusalOf(
    request: FastifyRequest,
    given: { readonly entry: Entered; readonly permission: RoutePermission | undefined },
  ): Problem | undefined {
    const { entry, permission } = given;
    const { actor, presence } = entry;
    const held = this.#rates.known(actor.id, presence !== undefined);
    if (held) return held;
    if (presence && !READING.has(request.method)) {
      const token = request.headers['x-csrf-token'];
      if (!this.#keeper.isOurPage(actor, presence, token)) return NO_CSRF_TOKEN;
    }
    const isAllowed =
      permission === 'by-kind' ||
      (permission === 'session' && presence !== undefined) ||
      (permission !== undefined &&
        permission !== 'session' &&
        permission !== 'open' &&
        this.#keeper.allows(actor, permission));
    if (!isAllowed) return NOT_ALLOWED;
    request.entered = entry;
    return undefined;
  }

  /** Whether it is the operator of this machine, who shows nothing. */
  #isMachine({ headers }: FastifyRequest, permission: RoutePermission | undefined): boolean {
    if (!this.#trustsMachine || permission === undefined || ALWAYS_ASKED.has(permission)) {
      return false;
    }
    return headers.authorization === undefined && !headers.cookie?.includes(SESSION_COOKIE);
  }

  admit(
    request: FastifyRequest,
    transactions: readonly unknown[],
    asks: 'transactions.submit' | 'quotes.ask',
  ): Admission {
    const entry = request.entered;
    if (entry) return admission(this.#keeper, entry.actor, { transactions, asks });
    if (request.fromMachine) return { ok: true, store: undefined };
    return { ok: false, problem: NO_TOKEN };
  }

  callerOf(request: FastifyRequest): Caller {
    const actor = this.actorOf(request);
    if (actor === undefined) return request.fromMachine ? LOCAL : STRANGER;
    const { id, scope } = actor;
    return { name: id, ...scope, may: (asked) => may(actor, asked) };
  }

  actorOf(request: FastifyRequest): Actor | undefined {
    return request.entered?.actor;
  }

  presenceOf(request: FastifyRequest): Presence | undefined {
    return request.entered?.presence;
  }
}

/** Browsers say where a request was made; what is no browser says nothing. */
function isFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

const OWN_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** A name of somebody else's that leads to this machine is how foreign pages reach it. */
function foreignHost({ headers }: FastifyRequest): Problem | undefined {
  return headers.host === undefined || OWN_HOST.test(headers.host) ? undefined : FOREIGN_HOST;
}

const NO_TOKEN: Problem = {
  status: 401,
  code: 'token-missing',
  detail: 'Send `Authorization: Bearer` with a token of `arbiter tokens create`, or log in.',
};
const BAD_TOKEN: Problem = {
  status: 401,
  code: 'token-invalid',
  detail: 'This token or session is not known, has expired or was revoked.',
};
const NO_CSRF_TOKEN: Problem = {
  status: 403,
  code: 'csrf-token-missing',
  detail: 'Send `X-CSRF-Token` with the `csrfToken` of the session.',
};
const ELSEWHERE: Problem = {
  status: 403,
  code: 'other-site',
  detail: 'A page of another site asked for this.',
};
const FOREIGN_HOST: Problem = {
  status: 403,
  code: 'foreign-host',
  detail: 'Without a token only `localhost` and its addresses are answered here.',
};
