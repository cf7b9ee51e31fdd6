import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EVERYWHERE, type Role } from '../../ops/access/roles.ts';
import { verifyChain } from '../../ops/audit/chain.ts';
import { Administration } from '../access/administration.ts';
import { type Access, openAccess } from '../access/open-access.ts';
import { Health } from '../observe/health.ts';
import { createLogger } from '../observe/logger.ts';
import { createGateway } from './gateway.ts';
import type { GatewayPorts } from './ports.ts';

/** Logging in over HTTP, and what administrators do there. What transactions need is not here. */

const PASSWORD = 'seven quiet otters at dusk';
const root = mkdtempSync(join(tmpdir(), 'arbiter-session-'));
let folders = 0;
let access: Access;
let app: FastifyInstance;

const away = async () => {
  throw new Error('nothing runs behind this gateway');
};

function portsOver(opened: Access): GatewayPorts {
  return {
    submit: away,
    quote: away,
    member: async () => undefined,
    transactions: async () => ({ transactions: [], next: undefined }),
    access: opened.ports,
    isFull: () => false,
    health: () => new Health().report(),
    metrics: async () => ({ contentType: 'text/plain', text: '' }),
    answered: () => {},
  };
}

async function open(trustsMachine: boolean, person = 1_000): Promise<void> {
  folders += 1;
  access = openAccess(join(root, String(folders)), { first: true });
  app = await createGateway(portsOver(access), {
    bodyBytes: 65_536,
    requestSeconds: 20,
    logger: createLogger({ level: 'silent' }),
    keeper: access.keeper,
    trustsMachine,
    rates: { person, stranger: 1 },
  });
}

beforeEach(() => open(false));

afterEach(async () => {
  expect(verifyChain(access.store.rows(), access.store.head())).toMatchObject({ ok: true });
  await app.close();
  await access.close();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Login {
  readonly cookie: string;
  readonly csrfToken: string;
}

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
  readonly login?: Login;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask({ method, url, body, login, headers = {} }: Asked) {
  const own = login ? { cookie: login.cookie, 'x-csrf-token': login.csrfToken } : {};
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = body === undefined ? {} : { payload };
  const answer = await app.inject({
    method,
    url,
    headers: { ...type, ...own, ...headers },
    ...sent,
  });
  const text = answer.body;
  const isJson = answer.headers['content-type']?.toString().includes('json') ?? false;
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}

async function welcome(link: string): Promise<Login> {
  const body = { link, password: PASSWORD };
  const answer = await ask({ method: 'POST', url: '/api/v1/session/welcome', body });
  expect(answer.status).toBe(200);
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';');
  return { cookie, csrfToken: answer.body.csrfToken };
}

async function loggedIn(id: string, role: Role): Promise<Login> {
  const administration = new Administration(access.store, 'local:test');
  const made = administration.createUser(id, { name: id, role, scope: EVERYWHERE });
  if (!made.ok) throw new Error(made.why);
  return welcome(made.link);
}

const lastRow = () => [...access.store.rows(access.store.head().sequence)][0];

describe('the first administrator', () => {
  test('follows the link of the first start, and manages access', async () => {
    const login = await welcome(access.firstLink ?? '');
    const users = await ask({ method: 'GET', url: '/api/v1/users', login });
    expect(users).toMatchObject({ status: 200, body: { users: [{ id: 'admin' }], next: null } });
  });

  test('sees a page behind the link that may do next to nothing', async () => {
    const page = await ask({ method: 'GET', url: '/welcome' });
    expect(page).toMatchObject({ status: 200 });
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'sha256-");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test('is not made again by the next start', async () => {
    await app.close();
    await access.close();
    access = openAccess(join(root, String(folders)), { first: true });
    expect(access.firstLink).toBeUndefined();
    app = await createGateway(portsOver(access), {
      bodyBytes: 65_536,
      requestSeconds: 20,
      logger: createLogger({ level: 'silent' }),
    });
  });
});

describe('a session', () => {
  test('is kept by a cookie that only this origin gets and no script reads', async () => {
    await loggedIn('ann', 'viewer');
    const body = { user: 'ann', password: PASSWORD };
    const answer = await ask({ method: 'POST', url: '/api/v1/session', body });
    expect(answer.status).toBe(200);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^__Host-arbiter=arbs_/);
    for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) {
      expect(cookie).toContain(part);
    }
    expect(cookie).not.toContain('Domain');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('shows who is logged in, without what proves them', async () => {
    const login = await loggedIn('ann', 'author');
    const answer = await ask({ method: 'GET', url: '/api/v1/session', login });
    expect(answer).toMatchObject({
      status: 200,
      body: { userId: 'ann', user: { role: 'author', stores: 'all' } },
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/argon2|digest/);
  });

  test('is over after logging out, also for whoever kept the cookie', async () => {
    const login = await loggedIn('ann', 'viewer');
    const out = await ask({ method: 'DELETE', url: '/api/v1/session', login });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    expect(lastRow()).toMatchObject({ actor: 'user:ann', action: 'session.end' });
    const again = await ask({ method: 'GET', url: '/api/v1/session', login });
    expect(again).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
    expect(String(again.headers['set-cookie'])).toContain('Max-Age=0');
  });

  test('can be ended from another one of the same user, and by nobody else', async () => {
    const [ann, bob] = [await loggedIn('ann', 'viewer'), await loggedIn('bob', 'viewer')];
    const list = await ask({ method: 'GET', url: '/api/v1/sessions', login: ann });
    const [{ id }] = list.body.sessions;
    const url = `/api/v1/sessions/${id}`;
    expect(await ask({ method: 'DELETE', url, login: bob })).toMatchObject({ status: 404 });
    expect(await ask({ method: 'DELETE', url, login: ann })).toMatchObject({ status: 204 });
    expect(await ask({ method: 'GET', url: '/api/v1/session', login: ann })).toMatchObject({
      status: 401,
    });
  });

  test('is left by a changed password for a new one', async () => {
    const login = await loggedIn('ann', 'viewer');
    const body = { current: PASSWORD, password: 'a heron over grey water' };
    const answer = await ask({ method: 'POST', url: '/api/v1/session/password', body, login });
    expect(answer.status).toBe(200);
    expect(await ask({ method: 'GET', url: '/api/v1/session', login })).toMatchObject({
      status: 401,
    });
  });

  test('tells nothing of what was wrong, whatever it was', async () => {
    await loggedIn('ann', 'viewer');
    const tries = [
      { user: 'ann', password: 'wrong words in a row' },
      { user: 'nobody', password: PASSWORD },
      { user: '../../etc/passwd', password: PASSWORD },
    ];
    const bodies = new Set<string>();
    for (const body of tries) {
      const { status, body: problem } = await ask({ method: 'POST', url: '/api/v1/session', body });
      const { instance: _, ...rest } = problem;
      bodies.add(JSON.stringify({ status, ...rest }));
    }
    expect(bodies.size).toBe(1);
  });
});

describe('a page of another site', () => {
  test('cannot act for somebody who is logged in here', async () => {
    const { cookie } = await loggedIn('ann', 'administrator');
    const made = { name: 'x', role: 'till' };
    const post = { method: 'POST', url: '/api/v1/tokens', body: made } as const;
    expect(await ask({ ...post, headers: { cookie } })).toMatchObject({
      status: 403,
      body: { code: 'csrf-token-missing' },
    });
    const guessed = { cookie, 'x-csrf-token': 'A'.repeat(43) };
    expect(await ask({ ...post, headers: guessed })).toMatchObject({ status: 403 });
    expect(lastRow()).toMatchObject({
      actor: 'user:ann',
      outcome: 'refused',
      detail: { reason: 'csrf' },
    });
  });

  test('cannot log somebody in as somebody else', async () => {
    await loggedIn('ann', 'viewer');
    const answer = await ask({
      method: 'POST',
      url: '/api/v1/session',
      body: { user: 'ann', password: PASSWORD },
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'other-site' } });
  });
});

describe('an administrator', () => {
  let login: Login;
  beforeEach(async () => {
    login = await loggedIn('ann', 'administrator');
  });

  test('invites somebody, whose link works once', async () => {
    const body = { id: 'bob', name: 'Bob', role: 'author', areas: ['north'], partners: ['p-1'] };
    const made = await ask({ method: 'POST', url: '/api/v1/users', body, login });
    expect(made).toMatchObject({ status: 201, headers: { location: '/api/v1/users/bob' } });
    expect(made.body.user).toMatchObject({ stores: [], areas: ['north'], partners: ['p-1'] });
    expect(lastRow()).toMatchObject({ actor: 'user:ann', action: 'users.create', object: 'bob' });
    const link = made.body.link.path.split('#')[1];
    await welcome(link);
    const again = { link, password: PASSWORD };
    expect(
      await ask({ method: 'POST', url: '/api/v1/session/welcome', body: again }),
    ).toMatchObject({ status: 401 });
    const twice = await ask({ method: 'POST', url: '/api/v1/users', body, login });
    expect(twice).toMatchObject({ status: 409, body: { code: 'exists' } });
  });

  test('changes, disables, resets and logs out others', async () => {
    const bob = await loggedIn('bob', 'author');
    const url = '/api/v1/users/bob';
    const changed = await ask({ method: 'PATCH', url, body: { role: 'approver' }, login });
    expect(changed).toMatchObject({ status: 200, body: { role: 'approver', name: 'bob' } });
    const sessions = await ask({ method: 'GET', url: `${url}/sessions`, login });
    expect(sessions.body.sessions).toHaveLength(1);
    expect(await ask({ method: 'DELETE', url: `${url}/sessions`, login })).toMatchObject({
      status: 204,
    });
    expect(await ask({ method: 'GET', url: '/api/v1/session', login: bob })).toMatchObject({
      status: 401,
    });
    expect(await ask({ method: 'POST', url: `${url}/reset`, login })).toMatchObject({
      status: 200,
    });
    const disabled = await ask({ method: 'PATCH', url, body: { disabled: true }, login });
    expect(disabled.body.disabledAt).not.toBeNull();
    const self = { method: 'PATCH', url: '/api/v1/users/ann', body: { role: 'viewer' } } as const;
    expect(await ask({ ...self, login })).toMatchObject({ status: 200 });
    const admin = await ask({ method: 'GET', url: '/api/v1/users', login });
    expect(admin).toMatchObject({ status: 403, body: { code: 'not-allowed' } });
  });

  test('makes tokens and ends them', async () => {
    const body = { name: 'till 7', role: 'viewer', days: 3 };
    const made = await ask({ method: 'POST', url: '/api/v1/tokens', body, login });
    expect(made.status).toBe(201);
    const { text, token } = made.body;
    const asToken = { authorization: `Bearer ${text}` };
    const look = { method: 'GET', url: '/v1/members/m-1', headers: asToken } as const;
    expect(await ask(look)).toMatchObject({ status: 404 });
    const list = await ask({ method: 'GET', url: '/api/v1/tokens', login });
    expect(JSON.stringify(list.body)).not.toMatch(/digest/);
    const url = `/api/v1/tokens/${token.id}`;
    expect(await ask({ method: 'DELETE', url, login })).toMatchObject({ status: 200 });
    expect(await ask(look)).toMatchObject({ status: 401 });
  });

  test('names areas', async () => {
    const put = { method: 'PUT', url: '/api/v1/areas/north', login } as const;
    expect(await ask({ ...put, body: { stores: ['s-1'] } })).toMatchObject({ status: 200 });
    expect(await ask({ method: 'GET', url: '/api/v1/areas', login })).toMatchObject({
      body: { areas: [{ name: 'north', stores: ['s-1'] }] },
    });
    expect(await ask({ ...put, body: { stores: [] } })).toMatchObject({ status: 200 });
  });

  test.each([
    ['a password of their choice', { password: 'x' }],
    ['a digest', { digest: 'x' }],
    ['when it was made', { createdAt: 0 }],
    ['another role’s rights', { permissions: ['access.manage'] }],
    ['a prototype', JSON.parse('{"__proto__":{"role":"administrator"}}')],
    ['a constructor', { constructor: { prototype: { role: 'administrator' } } }],
  ])('cannot slip in %s', async (_, more) => {
    const body = Object.assign(Object.create(null), more, { id: 'bob', name: 'B', role: 'viewer' });
    const own = Object.entries(more).map(
      ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
    );
    const sent = `{"id":"bob","name":"B","role":"viewer",${own.join(',')}}`;
    expect(body.id).toBe('bob');
    const answer = await ask({ method: 'POST', url: '/api/v1/users', body: sent, login });
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    expect(answer.body.detail).toContain('is no field here');
    expect(access.store.user('bob')).toBeUndefined();
    expect(Reflect.get({}, 'role')).toBeUndefined();
  });

  test.each([
    [{ id: 'Bob', name: 'B', role: 'viewer' }],
    [{ id: 'bob', name: '', role: 'viewer' }],
    [{ id: 'bob', name: 'B', role: 'root' }],
    [{ id: 'bob', name: 'B', role: 'viewer', stores: 'some' }],
    [{ id: 'bob', name: 'B', role: 'viewer', stores: ['a.b'] }],
    [{ id: 'bob', name: 'B', role: 'viewer', areas: Array(101).fill('a') }],
    [['bob']],
    [null],
  ])('is told when a user cannot be: %j', async (body) => {
    const answer = await ask({ method: 'POST', url: '/api/v1/users', body, login });
    expect(answer.status).toBe(400);
  });
});

describe('whoever is not an administrator', () => {
  test.each(['viewer', 'author', 'approver', 'operator', 'partner', 'till'] as const)(
    'as %s does not manage access',
    async (role) => {
      const login = await loggedIn('bob', role);
      for (const url of ['/api/v1/users', '/api/v1/tokens', '/api/v1/areas']) {
        expect(await ask({ method: 'GET', url, login })).toMatchObject({ status: 403 });
      }
      expect(lastRow()).toMatchObject({ actor: 'user:bob', action: 'access.manage' });
    },
  );

  test('gets nothing without a login', async () => {
    for (const url of ['/api/v1/session', '/api/v1/sessions', '/api/v1/users']) {
      expect(await ask({ method: 'GET', url })).toMatchObject({ status: 401 });
    }
  });
});

describe('on the loopback', () => {
  beforeEach(async () => {
    await app.close();
    await access.close();
    await open(true);
  });

  test('nobody has to show anything, but to manage access', async () => {
    expect(await ask({ method: 'GET', url: '/v1/members/m-1' })).toMatchObject({ status: 404 });
    expect(await ask({ method: 'GET', url: '/api/v1/users' })).toMatchObject({ status: 401 });
    const login = await welcome(access.firstLink ?? '');
    expect(await ask({ method: 'GET', url: '/api/v1/users', login })).toMatchObject({
      status: 200,
    });
  });

  test('a foreign name that leads here is refused', async () => {
    const headers = { host: 'evil.example:8080' };
    expect(await ask({ method: 'GET', url: '/v1/members/m-1', headers })).toMatchObject({
      status: 403,
      body: { code: 'foreign-host' },
    });
    const other = { 'sec-fetch-site': 'cross-site' };
    const body = { id: 'x' };
    expect(await ask({ method: 'POST', url: '/v1/checkouts', headers: other, body })).toMatchObject(
      { status: 403, body: { code: 'other-site' } },
    );
  });

  test('a token that is shown has to be right', async () => {
    const headers = { authorization: 'Bearer arb_x' };
    expect(await ask({ method: 'GET', url: '/v1/members/m-1', headers })).toMatchObject({
      status: 401,
    });
  });
});

describe('somebody who asks too often', () => {
  test('is told when to come again', async () => {
    await app.close();
    await access.close();
    await open(false, 1);
    const login = await loggedIn('ann', 'viewer');
    const answers: Awaited<ReturnType<typeof ask>>[] = [];
    for (let round = 0; round < 60; round += 1) {
      answers.push(await ask({ method: 'GET', url: '/api/v1/session', login }));
    }
    expect(answers.slice(0, 5).map(({ status }) => status)).toEqual(Array(5).fill(200));
    const held = answers.find(({ status }) => status === 429);
    expect(held).toMatchObject({ body: { code: 'too-many-requests' } });
    expect(Number(held?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  });

  test('without a token is held by address, others are not', async () => {
    const login = await loggedIn('ann', 'viewer');
    const answers: number[] = [];
    for (let round = 0; round < 60; round += 1) {
      answers.push((await ask({ method: 'GET', url: '/v1/members/m-1' })).status);
    }
    expect(answers[0]).toBe(401);
    expect(answers).toContain(429);
    expect(await ask({ method: 'GET', url: '/api/v1/session', login })).toMatchObject({
      status: 200,
    });
  });
});

const OPEN = [
  'get /healthz',
  'get /readyz',
  'get /openapi.json',
  'post /api/v1/session',
  'post /api/v1/session/welcome',
];

test('every route is closed to strangers but those that are meant to be open', async () => {
  const { body: document } = await ask({ method: 'GET', url: '/openapi.json' });
  const open: string[] = [];
  const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
  for (const [path, item] of Object.entries<Record<string, unknown>>(document.paths)) {
    for (const method of methods.filter((each) => each in item)) {
      const url = path.replaceAll(/\{[^}]+\}/g, 'x');
      const { status } = await ask({ method: method.toUpperCase() as Asked['method'], url });
      if (status !== 401 && status !== 429) open.push(`${method} ${path}`);
      if (method !== 'get') continue;
      const head = await app.inject({ method: 'HEAD', url });
      if (head.statusCode === 200) expect(OPEN).toContain(`get ${path}`);
    }
  }
  expect(open.toSorted()).toEqual(OPEN.toSorted());
});

test('a body that is too large is not read', async () => {
  const body = { user: 'ann', password: 'x'.repeat(70_000) };
  expect(await ask({ method: 'POST', url: '/api/v1/session', body })).toMatchObject({
    status: 413,
    body: { code: 'body-too-large' },
  });
});

test('the document of the interface names all of it', async () => {
  const { body } = await ask({ method: 'GET', url: '/openapi.json' });
  const paths = Object.keys(body.paths);
  for (const path of ['/api/v1/session', '/api/v1/users/{id}', '/api/v1/tokens', '/api/v1/areas']) {
    expect(paths).toContain(path);
  }
});
