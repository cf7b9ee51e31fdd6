import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AccessStore } from '../access/access-store.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import { migrate } from '../clickhouse/migrate.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { AuditMirror } from './audit-mirror.ts';
import { verifyMirror } from './verify-mirror.ts';

/** The copy of the audit list, in a real ClickHouse. */

let folder: string;
let server: EmbeddedClickHouse;
let clickhouse: ClickHouse;
let store: AccessStore;
let databases = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-mirror-'));
  server = await startEmbeddedClickHouse({ dataDirectory: join(folder, 'clickhouse') });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  databases += 1;
  const database = `audit_${databases}`;
  clickhouse = new ClickHouse({ url: server.url, user: 'default', password: '', database });
  await migrate(clickhouse);
  store = new AccessStore(join(folder, database));
});

afterEach(async () => {
  await store.close();
  await clickhouse.close();
});

function note(count: number): void {
  for (let round = 0; round < count; round += 1) {
    const at = 1_800_000_000_123 + round;
    const detail = { reason: 'role', path: 'C:\\x\t"ü', n: round };
    store.note({ at, actor: 'user:ann', action: 'x', object: 'o', outcome: 'refused', detail });
  }
}

const copy = (into: ClickHouse = clickhouse) => {
  const onError = (error: unknown) => expect(error).toBeUndefined();
  return new AuditMirror({ store, clickhouse: into, ready: () => true, onError }).sendAll();
};
const counted = () => clickhouse.rows('SELECT count() AS n, uniq(sequence) AS u FROM audit');

test('each row is there once, as it is in the list', async () => {
  note(1_203);
  await copy();
  note(1);
  await copy();
  await copy();
  expect(await counted()).toEqual([{ n: '1204', u: '1204' }]);
  expect(await verifyMirror(store, clickhouse)).toEqual({ ok: true, rows: 1_204, behind: 0 });
});

test('a copy whose answer was lost is repeated, and still there once', async () => {
  note(3);
  await copy();
  note(2);
  // What the process knew when it died: sent, and not yet written down as such.
  await store.keepMirror({ ...store.mirror(), pending: { first: 4, last: 5 } });
  const died = store.mirror();
  await copy();
  await store.keepMirror(died);
  note(1);
  await copy();
  expect(await counted()).toEqual([{ n: '6', u: '6' }]);
  expect(await verifyMirror(store, clickhouse)).toMatchObject({ ok: true, rows: 6 });
});

test('a new ClickHouse gets the whole list', async () => {
  note(3);
  await copy();
  await clickhouse.command('TRUNCATE TABLE audit');
  note(1);
  await copy();
  expect(await verifyMirror(store, clickhouse)).toEqual({ ok: true, rows: 4, behind: 0 });
});

test('the list of another data directory is not mixed with ours', async () => {
  note(2);
  await copy();
  await store.keepMirror({ sent: 0, pending: undefined, generation: 1 });
  await expect(copy()).rejects.toMatchObject({ code: 'audit-mirror-foreign' });
});

test('what has not arrived yet is no difference', async () => {
  note(2);
  await copy();
  note(5);
  expect(await verifyMirror(store, clickhouse)).toEqual({ ok: true, rows: 2, behind: 5 });
});

test.each([
  ['changed', "ALTER TABLE audit UPDATE actor = 'user:bob' WHERE sequence = 3", 3],
  ['removed', 'ALTER TABLE audit DELETE WHERE sequence = 3', 3],
  ['cut off', 'ALTER TABLE audit DELETE WHERE sequence > 3', 4],
  [
    'added',
    `INSERT INTO audit SELECT * REPLACE (sequence + 7 AS sequence)
      FROM (SELECT * FROM audit WHERE sequence = 2)`,
    7,
  ],
  ['doubled', 'INSERT INTO audit SELECT * FROM audit WHERE sequence = 2', 3],
])('a row that was %s in ClickHouse is found', async (_, statement, sequence) => {
  note(6);
  await copy();
  await clickhouse.command(`${statement} SETTINGS mutations_sync = 1`);
  expect(await verifyMirror(store, clickhouse)).toMatchObject({ ok: false, sequence });
  // And is not mended: that would hide it.
  await copy();
  expect(await verifyMirror(store, clickhouse)).toMatchObject({ ok: false, sequence });
});

test('a list that somebody made anew differs from its copy', async () => {
  note(3);
  await copy();
  const made = new AccessStore(join(folder, `${databases}-new`));
  made.note({ at: 1, actor: 'x', action: 'x', object: 'o', outcome: 'done', detail: {} });
  await made.keepMirror(store.mirror());
  expect(await verifyMirror(made, clickhouse)).toMatchObject({ ok: false, sequence: 1 });
  await made.close();
});
