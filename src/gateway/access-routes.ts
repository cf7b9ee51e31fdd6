import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isTokenName } from '../../ops/access/nats/permissions.ts';
import { readArea, readNewToken, readNewUser, readUserChange } from '../../ops/access/requests.ts';
import type { Token } from '../../ops/access/tokens.ts';
import { LINK_HOURS } from '../../ops/access/users.ts';
import type { AccessPorts } from '../access/access-ports.ts';
import type { Administration, Unchanged } from '../access/administration.ts';
import { ACCESS_SCHEMA } from './access-openapi.ts';
import { bodyOf } from './body.ts';
import type { Guard } from './guard.ts';
import { sendProblem } from './problem.ts';
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
}

export function accessRoutes(app: FastifyInstance, ports: AccessPorts, guard: Guard): void {
  const by = (request: FastifyRequest) => ports.administration(guard.callerOf(request).name);
  const given = { ...ports, by };
  userRoutes(app, given);
  userSessionRoutes(app, given);
  tokenRoutes(app, given);
  areaRoutes(app, given);
}

function userRoutes(app: FastifyInstance, { store, by }: Given): void {
  app.get(USERS, { schema: ACCESS_SCHEMA.users, config: MANAGE }, async (request, reply) => {
    const page = pageOf(store.users(), request.query);
    if (page === undefined) return malformed(reply, NO_PAGE);
    return send(reply, { users: page.rows.map(whoIs), next: page.next });
  });
  app.post(USERS, { schema: ACCESS_SCHEMA.newUser, config: MANAGE }, async (request, reply) => {
    const read = readNewUser(bodyOf(request).value);
    if (!read.ok) return malformed(reply, read);
    const { id, ...grant } = read.value;
    const made = by(request).createUser(id, grant);
    if (!made.ok) return refused(reply, made);
    reply.code(201).header('location', `${USERS}/${encodeURIComponent(id)}`);
    return send(reply, { user: whoIs(made.user), ...linkView(made.link) });
  });
  app.get<OfOne>(
    `${USERS}/:id`,
    { schema: ACCESS_SCHEMA.user, config: MANAGE },
    async (request, reply) => {
      const user = store.user(request.params.id);
      return user ? send(reply, whoIs(user)) : refused(reply, UNKNOWN);
    },
  );
  app.patch<OfOne>(
    `${USERS}/:id`,
    { schema: ACCESS_SCHEMA.changeUser, config: MANAGE },
    async (request, reply) => {
      const { id } = request.params;
      const before = store.user(id);
      if (before === undefined) return refused(reply, UNKNOWN);
      const read = readUserChange(bodyOf(request).value, before);
      if (!read.ok) return malformed(reply, read);
      const changed = by(request).changeUser(id, read.value);
      return changed.ok ? send(reply, whoIs(changed.user)) : refused(reply, changed);
    },
  );
  app.post<OfOne>(
    `${USERS}/:id/reset`,
    { schema: ACCESS_SCHEMA.resetUser, config: MANAGE },
    async (request, reply) => {
      const made = by(request).resetUser(request.params.id);
      if (!made.ok) return refused(reply, made);
      return send(reply, { user: whoIs(made.user), ...linkView(made.link) });
    },
  );
}

function userSessionRoutes(app: FastifyInstance, { store, by }: Given): void {
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
    async (request, reply) => {
      by(request).endSessions(request.params.id);
      return reply.code(204).send();
    },
  );
}

function tokenRoutes(app: FastifyInstance, { store, by }: Given): void {
  app.get(TOKENS, { schema: ACCESS_SCHEMA.tokens, config: MANAGE }, async (request, reply) => {
    const page = pageOf(store.tokens(), request.query);
    if (page === undefined) return malformed(reply, NO_PAGE);
    return send(reply, { tokens: page.rows.map(tokenView), next: page.next });
  });
  app.post(TOKENS, { schema: ACCESS_SCHEMA.newToken, config: MANAGE }, async (request, reply) => {
    const read = readNewToken(bodyOf(request).value);
    if (!read.ok) return malformed(reply, read);
    const { days, ...grant } = read.value;
    const made = by(request).createToken(grant, days);
    if (!made.ok) return refused(reply, made);
    reply.code(201).header('location', `${TOKENS}/${made.token.id}`);
    return send(reply, { token: tokenView(made.token), text: made.text });
  });
  app.delete<OfOne>(
    `${TOKENS}/:id`,
    { schema: ACCESS_SCHEMA.revokeToken, config: MANAGE },
    async (request, reply) => {
      const revoked = by(request).revokeToken(request.params.id);
      return revoked.ok ? send(reply, tokenView(revoked.token)) : refused(reply, revoked);
    },
  );
}

function areaRoutes(app: FastifyInstance, { store, by }: Given): void {
  app.get(AREAS, { schema: ACCESS_SCHEMA.areas, config: MANAGE }, async (_request, reply) => {
    return send(reply, { areas: store.areas() });
  });
  app.put<OfOne>(
    `${AREAS}/:id`,
    { schema: ACCESS_SCHEMA.setArea, config: MANAGE },
    async (request, reply) => {
      const name = request.params.id;
      const read = readArea(bodyOf(request).value);
      if (!read.ok) return malformed(reply, read);
      if (!isTokenName(name)) return malformed(reply, { ok: false, problem: 'no name of an area' });
      const set = by(request).setArea({ name, stores: read.value.stores });
      return set.ok ? send(reply, set.area) : refused(reply, set);
    },
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

function linkView(link: string): object {
  return { link: { path: `/welcome#${link}`, hours: LINK_HOURS } };
}

function tokenView({ digest: _, scope, ...token }: Token): object {
  const at = (instant: number | undefined) =>
    instant === undefined ? null : new Date(instant).toISOString();
  const { id, name, role, createdAt, expiresAt, revokedAt } = token;
  const instants = { createdAt: at(createdAt), expiresAt: at(expiresAt), revokedAt: at(revokedAt) };
  return { id, name, role, ...scope, ...instants };
}

const UNKNOWN: Unchanged = { ok: false, why: 'unknown' };

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

function refused(reply: FastifyReply, { why }: Unchanged): FastifyReply {
  return sendProblem(reply, REFUSALS[why]);
}
