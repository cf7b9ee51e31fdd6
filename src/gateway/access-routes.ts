import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isTokenName } from '../../ops/access/nats/permissions.ts';
import {
  type Read,
  readArea,
  readNewToken,
  readNewUser,
  readUserChange,
} from '../../ops/access/requests.ts';
import type { Token } from '../../ops/access/tokens.ts';
import { LINK_HOURS, type User } from '../../ops/access/users.ts';
import type { AccessPorts } from '../access/access-ports.ts';
import type { Administration, Unchanged } from '../access/administration.ts';
import { ACCESS_SCHEMA } from './access-openapi.ts';
import type { RequestAnswers } from './api/answered-once.ts';
import { type Answer, fail } from './api/route.ts';
import { bodyOf } from './body.ts';
import type { Guard } from './guard.ts';
import { type Once, onceEach } from './once.ts';
import { ProblemError, sendProblem } from './problem.ts';
import { malformed, send, sessionView, whoIs } from './session-routes.ts';

/** Users, tokens and areas: for administrators, wherever the gateway listens. */

const MANAGE = { permission: 'access.manage' } as const;
const USERS = '/api/v1/users';
const TOKENS = '/api/v1/tokens';
const AREAS = '/api/v1/areas';
const PAGE_MAX = 500;

interface OfOne {
  readonly Params: { readonly id: string };
}

interface Given extends AccessPorts {
  /** What a request does is done under the name of its sender. */
  readonly by: (request: FastifyRequest) => Administration;
  readonly once: Once;
}

export interface AccessRouteParts {
  readonly guard: Guard;
  /** Remembers what requests with a key were answered. */
  readonly answers?: RequestAnswers | undefined;
}

export function accessRoutes(
  app: FastifyInstance,
  ports: AccessPorts,
  { guard, answers }: AccessRouteParts,
): void {
  const by = (request: FastifyRequest) => ports.administration(guard.callerOf(request).name);
  const given = { ...ports, by, once: onceEach(guard, answers) };
  userRoutes(app, given);
  userSessionRoutes(app, given);
  tokenRoutes(app, given);
  areaRoutes(app, given);
}

function userRoutes(app: FastifyInstance, given: Given): void {
  const { store } = given;
  app.get(USERS, { schema: ACCESS_SCHEMA.users, config: MANAGE }, async (request, reply) => {
    const page = pageOf(store.users(), request.query);
    if (page === undefined) return malformed(reply, NO_PAGE);
    return send(reply, { users: page.rows.map(whoIs), next: page.next });
  });
  app.get<OfOne>(
    `${USERS}/:id`,
    { schema: ACCESS_SCHEMA.user, config: MANAGE },
    async (request, reply) => {
      const user = store.user(request.params.id);
      return user ? send(reply, whoIs(user)) : sendProblem(reply, REFUSALS.unknown);
    },
  );
  userChanges(app, given);
}

function userChanges(app: FastifyInstance, { store, by, once }: Given): void {
  app.post(USERS, { schema: ACCESS_SCHEMA.newUser, config: MANAGE }, (request, reply) =>
    once(request, reply, () => {
      const { id, ...grant } = readOf(readNewUser(bodyOf(request).value));
      const made = doneOf(by(request).createUser(id, grant));
      const headers = { location: `${USERS}/${encodeURIComponent(id)}` };
      return { status: 201, headers, ...linkView(made) };
    }),
  );
  app.patch<OfOne>(
    `${USERS}/:id`,
    { schema: ACCESS_SCHEMA.changeUser, config: MANAGE },
    (request, reply) =>
      once(request, reply, () => {
        const { id } = request.params;
        const before = store.user(id) ?? refuse('unknown');
        const change = readOf(readUserChange(bodyOf(request).value, before));
        return { body: whoIs(doneOf(by(request).changeUser(id, change)).user) };
      }),
  );
  app.post<OfOne>(
    `${USERS}/:id/reset`,
    { schema: ACCESS_SCHEMA.resetUser, config: MANAGE },
    (request, reply) =>
      once(request, reply, () => linkView(doneOf(by(request).resetUser(request.params.id)))),
  );
}

function userSessionRoutes(app: FastifyInstance, { store, by, once }: Given): void {
  app.get<OfOne>(
    `${USERS}/:id/sessions`,
    { schema: ACCESS_SCHEMA.userSessions, config: MANAGE },
    async (request, reply) => {
      const sessions = store.sessions(request.params.id).map(sessionView);
      return send(reply, { sessions });
    },
  );
  app.delete<OfOne>(
    `${USERS}/:id/sessions`,
    { schema: ACCESS_SCHEMA.endUserSessions, config: MANAGE },
    (request, reply) =>
      once(request, reply, () => {
        by(request).endSessions(request.params.id);
        return { status: 204 };
      }),
  );
}

function tokenRoutes(app: FastifyInstance, { store, by, once }: Given): void {
  app.get(TOKENS, { schema: ACCESS_SCHEMA.tokens, config: MANAGE }, async (request, reply) => {
    const page = pageOf(store.tokens(), request.query);
    if (page === undefined) return malformed(reply, NO_PAGE);
    return send(reply, { tokens: page.rows.map(tokenView), next: page.next });
  });
  app.post(TOKENS, { schema: ACCESS_SCHEMA.newToken, config: MANAGE }, (request, reply) =>
    once(request, reply, () => {
      const { days, ...grant } = readOf(readNewToken(bodyOf(request).value));
      const { token, text } = doneOf(by(request).createToken(grant, days));
      const shown = { token: tokenView(token) };
      const headers = { location: `${TOKENS}/${token.id}` };
      return { status: 201, headers, body: { ...shown, text }, remembered: { ...shown, ...ONCE } };
    }),
  );
  app.delete<OfOne>(
    `${TOKENS}/:id`,
    { schema: ACCESS_SCHEMA.revokeToken, config: MANAGE },
    (request, reply) =>
      once(request, reply, () => {
        const { token } = doneOf(by(request).revokeToken(request.params.id));
        return { body: tokenView(token) };
      }),
  );
}

/** Texts of tokens are shown once, and written down nowhere. */
const ONCE = { text: null };

function areaRoutes(app: FastifyInstance, { store, by, once }: Given): void {
  app.get(AREAS, { schema: ACCESS_SCHEMA.areas, config: MANAGE }, async (_request, reply) => {
    return send(reply, { areas: store.areas() });
  });
  app.put<OfOne>(
    `${AREAS}/:id`,
    { schema: ACCESS_SCHEMA.setArea, config: MANAGE },
    (request, reply) =>
      once(request, reply, () => {
        const name = request.params.id;
        const { stores } = readOf(readArea(bodyOf(request).value));
        if (!isTokenName(name)) fail(400, 'bad-request', 'no name of an area.');
        return { body: doneOf(by(request).setArea({ name, stores })).area };
      }),
  );
}

const NO_PAGE = {
  ok: false,
  problem: `\`limit\` is 1 to ${PAGE_MAX}, \`after\` the \`next\` of a page`,
} as const;

/** Rows after a place, in the order of their ids. */
function pageOf<Row extends { readonly id: string }>(
  rows: readonly Row[],
  query: unknown,
): { readonly rows: readonly Row[]; readonly next: string | null } | undefined {
  // Of a query string, text or lists of text.
  const { limit = '100', after = '' } = query as Readonly<Record<string, unknown>>;
  const wanted = Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > PAGE_MAX) return undefined;
  if (typeof after !== 'string') return undefined;
  const behind = rows.filter(({ id }) => id > after);
  const page = behind.slice(0, wanted);
  return { rows: page, next: behind.length > wanted ? (page.at(-1)?.id ?? null) : null };
}

/** A user with the link by which they choose a password; what is remembered has no link. */
function linkView(made: { readonly user: User; readonly link: string }): Answer {
  const user = whoIs(made.user);
  const link = { path: `/welcome#${made.link}`, hours: LINK_HOURS };
  return { body: { user, link }, remembered: { user, link: null } };
}

function tokenView({ digest: _, scope, ...token }: Token): object {
  const at = (instant: number | undefined) =>
    instant === undefined ? null : new Date(instant).toISOString();
  const { id, name, role, createdAt, expiresAt, revokedAt } = token;
  const instants = { createdAt: at(createdAt), expiresAt: at(expiresAt), revokedAt: at(revokedAt) };
  return { id, name, role, ...scope, ...instants };
}

const REFUSALS = {
  unknown: { status: 404, code: 'unknown', detail: 'There is none of this name.' },
  exists: { status: 409, code: 'exists', detail: 'There is one of this name already.' },
  'last-administrator': {
    status: 409,
    code: 'last-administrator',
    detail: 'Somebody has to be able to manage access: name another administrator first.',
  },
  'too-many': { status: 409, code: 'too-many', detail: 'There are as many as there may be.' },
} as const;

function refuse(why: Unchanged['why']): never {
  throw new ProblemError(REFUSALS[why]);
}

function doneOf<T extends { readonly ok: true }>(result: T | Unchanged): T {
  return result.ok ? result : refuse(result.why);
}

function readOf<T>(read: Read<T>): T {
  return read.ok ? read.value : fail(400, 'bad-request', `${read.problem}.`);
}
