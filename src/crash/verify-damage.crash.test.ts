import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { must } from '../../core/assert.ts';
import { ByteWriter } from '../../core/layout/bytes.ts';
import { readMember, writeMember } from '../../core/layout/member.ts';
import { points } from '../../core/money/units.ts';
import { partitionFolder } from '../../workers/store/folders.ts';
import { Load, seedOf } from './testing/load.ts';
import { TestDeployment } from './testing/test-deployment.ts';

vi.setConfig({ testTimeout: 240_000 });

let deployment: TestDeployment;
/** A partition that surely holds something of everything. */
let partition = 0;

beforeAll(async () => {
  deployment = await TestDeployment.besideServers();
  await deployment.run();
  expect(await deployment.applyRules()).toMatchObject({ code: 0 });
  const load = await Load.start(deployment, seedOf('damage'));
  await load.progress(150);
  await load.finish();
  partition = await fullestPartition();
});

afterAll(async () => {
  await deployment.remove();
});

type Table = Database<Buffer, string | number>;

/** Opens one table of a partition's store as nobody but a test should. */
async function inTable<T>(name: string, work: (table: Table) => T, of = partition): Promise<T> {
  const path = join(deployment.layout.store, partitionFolder(of));
  const root: RootDatabase<Buffer, string> = open({
    path,
    noSubdir: false,
    encoding: 'binary',
    overlappingSync: false,
    maxDbs: 8,
  });
  try {
    return work(root.openDB<Buffer, string | number>(name, { encoding: 'binary' }));
  } finally {
    await root.close();
  }
}

async function fullestPartition(): Promise<number> {
  const sizes = await Promise.all([0, 1, 2, 3].map((p) => inTable('members', countOf, p)));
  return sizes.indexOf(Math.max(...sizes));
}

function countOf(table: Table): number {
  return table.getCount({});
}

type Suits = (value: Buffer) => boolean;

function firstOf(table: Table, suits: Suits): readonly [string | number, Buffer] {
  for (const { key, value } of table.getRange({})) {
    if (suits(value)) return [key, Buffer.from(value)];
  }
  throw new Error('the table has no such entry');
}

const ownsPoints: Suits = (bytes) => (readMember(bytes).accounts.get('main')?.lots.length ?? 0) > 0;

/** The member's record with one point more. */
function richer(bytes: Buffer): Buffer {
  const member = readMember(bytes);
  const account = must(member.accounts.get('main'), 'the member owns points');
  const [lot, ...lots] = account.lots;
  const first = must(lot, 'the member owns points');
  const more = { ...account, lots: [{ ...first, points: points(first.points + 1) }, ...lots] };
  const writer = new ByteWriter();
  writeMember(writer, { ...member, accounts: new Map([...member.accounts, ['main', more]]) });
  return Buffer.from(writer.view());
}

/** Changes an entry, looks at what `ledger verify` says of it, and puts it back. */
async function verifiedWith(name: string, damage: (value: Buffer) => Buffer | undefined) {
  const suits = name === 'members' ? ownsPoints : () => true;
  const [key, value] = await inTable(name, (table) => firstOf(table, suits));
  await inTable(name, (table) => {
    const damaged = damage(Buffer.from(value));
    if (damaged) table.putSync(key, damaged);
    else table.removeSync(key);
  });
  const verified = await deployment.verify();
  await inTable(name, (table) => table.putSync(key, value));
  return verified;
}

test('a healthy ledger passes while the processor runs, and when it has stopped', async () => {
  expect(await deployment.verify()).toMatchObject({ code: 0 });
  expect(await deployment.stop()).toMatchObject({ code: 0 });
  const { code, output } = await deployment.verify();
  expect(output).toContain('the ledger holds what it promises');
  expect(output).toContain('has all of them');
  expect(code).toBe(0);
});

test('a flipped bit in a ledger block is found', async () => {
  const { code, output } = await verifiedWith('blocks', (block) => {
    const at = Math.floor(block.length / 2);
    block[at] = (block[at] ?? 0) ^ 1;
    return block;
  });
  expect(output).toMatch(
    /VIOLATION in partition \d: the block at sequence 1 differs from its hash/,
  );
  expect(code).toBe(1);
});

test('a balance that is not the sum of its entries is found', async () => {
  const { code, output } = await verifiedWith('members', richer);
  expect(output).toMatch(/VIOLATION in partition \d: .* holds \d+ main but its entries sum to \d+/);
  expect(code).toBe(1);
});

test('an id that is missing in the index is found', async () => {
  const { code, output } = await verifiedWith('index', () => undefined);
  expect(output).toMatch(/VIOLATION in partition \d: transaction .* is not in the index/);
  expect(code).toBe(1);
});

test('a member that is missing is found', async () => {
  const { code, output } = await verifiedWith('members', () => undefined);
  expect(output).toMatch(/VIOLATION in partition \d: .* has entries of \d+ main but no balance/);
  expect(code).toBe(1);
});

async function inClickHouse(statement: string): Promise<void> {
  const url = `${deployment.clickhouseUrl}/?database=arbiter&mutations_sync=2`;
  const answer = await fetch(url, { method: 'POST', body: statement });
  expect(await answer.text()).toBe('');
  expect(answer.ok).toBe(true);
}

test('a row that is doubled in ClickHouse is found', async () => {
  await inClickHouse(
    `INSERT INTO entries SELECT * FROM entries WHERE partition = ${partition} ORDER BY sequence LIMIT 1`,
  );
  const { code, output } = await deployment.verify();
  expect(output).toMatch(/VIOLATION in ClickHouse: entries of partition \d, rows/);
  expect(code).toBe(1);
});

test('a row that is missing in ClickHouse is found', async () => {
  await inClickHouse(
    `ALTER TABLE checkouts DELETE WHERE partition = ${partition} AND sequence = 1`,
  );
  const { code, output } = await deployment.verify();
  expect(output).toMatch(/VIOLATION in ClickHouse: checkouts of partition \d/);
  expect(code).toBe(1);
});

test('ClickHouse that was dropped is filled from the ledger again, and passes', async () => {
  await inClickHouse('DROP DATABASE arbiter SYNC');
  await deployment.run();
  await deployment.waitFor('the ledger in ClickHouse', async () => {
    const { code, output } = await deployment.verify();
    return code === 0 && output.includes('has all of them') ? true : undefined;
  });
});
