import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Access, openAccess } from '../access/open-access.ts';
import { Health } from '../observe/health.ts';
import { createLogger } from '../observe/logger.ts';
import { ChromiumPage, chromiumHere } from '../testing/chromium.ts';
import { createGateway } from './gateway.ts';

/** The one-time link, opened by a real browser. */

const PASSWORD = 'seven quiet otters at dusk';
const program = chromiumHere();
const title = program ? 'in Chromium' : 'in Chromium (skipped: no `chromium` in PATH)';

let folder: string;
let access: Access;
let app: FastifyInstance;
let page: ChromiumPage;
let address: string;

const away = async () => {
  throw new Error('nothing runs behind this gateway');
};

describe.skipIf(program === undefined)(title, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'arbiter-welcome-'));
    access = openAccess(folder, { first: true });
    const ports = {
      ...{ submit: away, quote: away, member: async () => undefined },
      transactions: async () => ({ transactions: [], next: undefined }),
      ...{ access: access.ports, isFull: () => false, health: () => new Health().report() },
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
      answered: () => {},
    };
    const logger = createLogger({ level: 'silent' });
    const limits = { bodyBytes: 65_536, requestSeconds: 60 };
    app = await createGateway(ports, { ...limits, logger, keeper: access.keeper });
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    address = `http://localhost:${port}`;
    page = await ChromiumPage.open(program ?? '');
  });

  afterAll(async () => {
    await page?.close();
    await app?.close();
    await access?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const choose = async (password: string): Promise<unknown> => {
    await page.evaluate(`
      document.querySelector('input[name=password]').value = ${JSON.stringify(password)};
      document.querySelector('button').click()`);
    await page.until(`!['', '…'].includes(document.querySelector('output').value)`);
    return page.evaluate(`document.querySelector('output').value`);
  };

  test('the first administrator chooses a password and is logged in', async () => {
    await page.visit(`${address}/welcome#${access.firstLink}`, `document.querySelector('form')`);
    await page.until(`document.querySelector('input[name=user]').value === 'admin'`);
    // The secret is in no history and in no referrer.
    expect(await page.evaluate('location.href')).toBe(`${address}/welcome`);
    expect(await choose('administrator')).toMatch(/password/i);
    await page.evaluate(`document.querySelector('output').value = ''`);
    expect(await choose(PASSWORD)).toBe('Welcome. You are logged in.');
  });

  test('the session is kept where no script reads it', async () => {
    expect(await page.evaluate('document.cookie')).toBe('');
    const asked = `fetch('/api/v1/session').then((answer) => answer.json())`;
    expect(await page.evaluate(asked)).toMatchObject({ user: { id: 'admin' } });
    const users = `fetch('/api/v1/users').then((answer) => answer.status)`;
    expect(await page.evaluate(users)).toBe(200);
    const change = `fetch('/api/v1/areas/north', { method: 'PUT',
      headers: { 'content-type': 'application/json' }, body: '{"stores":["s-1"]}' })
      .then((answer) => answer.json())`;
    expect(await page.evaluate(change)).toMatchObject({ status: 403, code: 'csrf-token-missing' });
  });

  test('the page runs its own script and style, and nothing that gets into it', async () => {
    expect(await page.evaluate(`getComputedStyle(document.body).fontSize`)).toBe('16px');
    const policy = (text: string) => text.includes('Content Security Policy');
    expect(page.complaints.filter(policy)).toEqual([]);
    await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true';
      document.body.append(script);
      0`);
    expect(await page.evaluate('window.intruder ?? null')).toBeNull();
    await page.until('true');
    const outside = `fetch('https://example.invalid/').then(() => 'sent', () => 'refused')`;
    expect(await page.evaluate(outside)).toBe('refused');
    expect(page.complaints.filter(policy).length).toBeGreaterThan(0);
  });

  test('a link that was used opens nothing', async () => {
    await page.visit('about:blank', `location.href === 'about:blank'`);
    await page.visit(`${address}/welcome#${access.firstLink}`, `document.querySelector('form')`);
    await page.until(`document.querySelector('input[name=user]').value === 'admin'`);
    expect(await choose('eight loud herons at dawn')).not.toMatch(/Welcome/);
  });
});
