import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Read, readTexts } from '../../ops/access/requests.ts';
import { csrfTokenOf, parseSession, type Session } from '../../ops/access/sessions.ts';
import type { User } from '../../ops/access/users.ts';
import type { AccessPorts } from '../access/access-ports.ts';
import type { From, LoggedIn, NotLoggedIn } from '../access/accounts.ts';
import { SESSION_LIMITS } from '../access/gatekeeper.ts';
import { SESSION_SCHEMA } from './access-openapi.ts';
import { bodyOf, sendJson } from './body.ts';
import { tooManyRequests } from './caller-rates.ts';
import type { Guard } from './guard.ts';
import { OVERLOADED, type Problem, sendProblem } from './problem.ts';
import { clearSession, setSession } from './session-cookie.ts';

/** Logging in and out, and one's own sessions. */

const OPEN = { permission: 'open' } as const;
const LOGGED_IN = { permission: 'session' } as const;
const SESSION = '/api/v1/session';
const OWN = '/api/v1/sessions';

export function sessionRoutes(app: FastifyInstance, ports: AccessPorts, guard: Guard): void {
  const { accounts } = ports;
  app.post(SESSION, { schema: SESSION_SCHEMA.login, config: OPEN }, async (request, reply) => {
    const read = readTexts(bodyOf(request).value, ['user', 'password']);
    if (!read.ok) return malformed(reply, read);
    const given = { ...read.value, from: fromOf(request, guard) };
    return answer(reply, await accounts.login(given));
  });
  app.post(
    `${SESSION}/welcome`,
    { schema: SESSION_SCHEMA.welcome, config: OPEN },
    async (request, reply) => {
      const read = readTexts(bodyOf(request).value, ['link', 'password']);
      if (!read.ok) return malformed(reply, read);
      const given = { ...read.value, from: fromOf(request, guard) };
      return answer(reply, await accounts.redeem(given));
    },
  );
  app.post(
    `${SESSION}/password`,
    { schema: SESSION_SCHEMA.password, config: LOGGED_IN },
    async (request, reply) => {
      const session = sessionOf(request, guard);
      const read = readTexts(bodyOf(request).value, ['current', 'password']);
      if (!read.ok) return malformed(reply, read);
      const given = { user: session.user, ...read.value, from: fromOf(request, guard) };
      return answer(reply, await accounts.changePassword(given));
    },
  );
  app.get(SESSION, { schema: SESSION_SCHEMA.mine, config: LOGGED_IN }, async (request, reply) => {
    const session = sessionOf(request, guard);
    const user = ports.store.user(session.user);
    const csrfToken = guard.presenceOf(request)?.csrfToken ?? '';
    return send(reply, { ...sessionView(session), csrfToken, ...(user && { user: whoIs(user) }) });
  });
  app.delete(
    SESSION,
    { schema: SESSION_SCHEMA.logout, config: LOGGED_IN },
    async (request, reply) => {
      const session = sessionOf(request, guard);
      ports.administration(guard.callerOf(request).name).endSession(session);
      return clearSession(reply).code(204).send();
    },
  );
  ownSessions(app, ports, guard);
}

function ownSessions(app: FastifyInstance, ports: AccessPorts, guard: Guard): void {
  app.get(OWN, { schema: SESSION_SCHEMA.list, config: LOGGED_IN }, async (request, reply) => {
    const { id, user } = sessionOf(request, guard);
    const sessions = ports.store.sessions(user).map((one) => ({
      ...sessionView(one),
      isThis: one.id === id,
    }));
    return send(reply, { sessions });
  });
  app.delete<{ Params: { id: string } }>(
    `${OWN}/:id`,
    { schema: SESSION_SCHEMA.end, config: LOGGED_IN },
    async (request, reply) => {
      const { user } = sessionOf(request, guard);
      const one = ports.store.session(request.params.id);
      // Somebody else's is not told apart from none.
      if (one?.user !== user) return sendProblem(reply, UNKNOWN_SESSION);
      ports.administration(guard.callerOf(request).name).endSession(one);
      return reply.code(204).send();
    },
  );
}

function sessionOf(request: FastifyRequest, guard: Guard): Session {
  const presence = guard.presenceOf(request);
  if (presence === undefined) throw new Error('a route for sessions was reached without one');
  return presence.session;
}

function fromOf(request: FastifyRequest, guard: Guard): From {
  return {
    address: request.ip,
    agent: request.headers['user-agent'] ?? '',
    before: guard.presenceOf(request)?.session,
  };
}

function answer(reply: FastifyReply, result: LoggedIn | NotLoggedIn): FastifyReply {
  if (!result.ok) return sendProblem(reply, problemOf(result));
  const { user, session, text } = result;
  const csrfToken = csrfTokenOf(parseSession(text)?.secret ?? '');
  const body = { ...sessionView(session), csrfToken, user: whoIs(user) };
  return send(setSession(reply, text), body);
}

function problemOf(result: NotLoggedIn): Problem {
  switch (result.why) {
    case 'wrong':
      return WRONG;
    case 'busy':
      return OVERLOADED;
    case 'throttled':
      return tooManyRequests(result.waitMs);
    default:
      return { status: 422, code: result.why, detail: PASSWORD_SAYS[result.why] };
  }
}

const PASSWORD_SAYS = {
  'password-too-short': 'A password has at least 12 characters.',
  'password-too-long': 'A password has at most 128 characters.',
  'password-too-common': 'This password is among the first that are tried: take another.',
} as const;

/** The same for an unknown user, a wrong password, a used link and one that has expired. */
const WRONG: Problem = {
  status: 401,
  code: 'login-failed',
  detail: 'That is not right, or not any more.',
};
const UNKNOWN_SESSION: Problem = {
  status: 404,
  code: 'unknown-session',
  detail: 'There is no such session.',
};

export function sessionView({ id, user, createdAt, seenAt, address, agent }: Session): object {
  const end = Math.min(seenAt + SESSION_LIMITS.idleMs, createdAt + SESSION_LIMITS.absoluteMs);
  const [begun, seen, ends] = [createdAt, seenAt, end].map((at) => new Date(at).toISOString());
  return { id, userId: user, begun, seen, ends, address, agent };
}

/** A user, without what proves them. */
export function whoIs({ id, name, role, scope, ...user }: User): object {
  const at = (instant: number | undefined) =>
    instant === undefined ? null : new Date(instant).toISOString();
  return {
    id,
    name,
    role,
    ...scope,
    createdAt: at(user.createdAt),
    disabledAt: at(user.disabledAt),
    hasPassword: user.password !== undefined,
    linkExpiresAt: at(user.link?.expiresAt),
  };
}

export function malformed(
  reply: FastifyReply,
  { problem }: Extract<Read<never>, { readonly ok: false }>,
): FastifyReply {
  return sendProblem(reply, { status: 400, code: 'bad-request', detail: `${problem}.` });
}

/** Whoever opens an answer in a browser sees text, and no page can put it into a frame. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

export function send(reply: FastifyReply, body: object): FastifyReply {
  reply.header('cache-control', 'no-store').header('content-security-policy', NO_PAGE);
  return sendJson(reply, JSON.stringify(body));
}
