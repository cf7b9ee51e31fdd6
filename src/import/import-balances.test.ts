import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, type World } from '../../core/conformance/world.ts';
import { compiledTree } from '../../core/testing/compiled-tree.ts';
import type { OutcomeJson } from '../client/outcome-json.ts';
import type { RowProblem } from './balance-row.ts';
import { type ImportCounts, importBalances } from './import-balances.ts';

const RULES = {
  program: { timezone: 'UTC' },
  partners: [{ id: 'shop' }],
  pointTypes: [
    { id: 'main', validity: { years: 1 } },
    { id: 'fine', precision: 2 },
  ],
  arbitration: { mode: 'sequential', children: [] },
};

let folder: string;
let world: World;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arbiter-import-'));
  world = openWorld(compiledTree(RULES), []);
});
afterEach(async () => rm(folder, { recursive: true }));

async function run(
  lines: readonly string[],
  more: { readonly enrol?: boolean } = {},
): Promise<{ counts: ImportCounts; problems: RowProblem[] }> {
  const file = join(folder, 'balances.csv');
  await writeFile(file, lines.join('\n'));
  const problems: RowProblem[] = [];
  const counts = await importBalances({
    file,
    name: 'old-system',
    enrol: more.enrol ?? true,
    // The world answers in the shape in which outcomes travel.
    submit: async (transactions) =>
      transactions.map((one) => world.process(one as Record<string, unknown>) as OutcomeJson),
    problem: (problem) => problems.push(problem),
    progress: () => undefined,
  });
  return { counts, problems };
}

const HEADER = 'member,type,points,expiresAt,issuer';
const GOOD = [
  HEADER,
  'ada,main,40,2027-01-01T00:00:00+05:00,shop',
  'ada,main,30,2026-12-01T00:00:00Z,',
  'bob,fine,2.25,,',
  'ada,main,30,2026-12-01T00:00:00Z,',
];

test('each row becomes a lot of its member, and the same file again changes nothing', async () => {
  expect(await run(GOOD)).toEqual({
    counts: { rows: 4, imported: 4, repeated: 0, refused: 0 },
    problems: [],
  });
  expect(world.balancesOf('ada')).toMatchObject({ main: { available: 100 } });
  expect(world.balancesOf('bob')).toMatchObject({ fine: { available: 2.25 } });
  const { counts } = await run(GOOD);
  expect(counts).toEqual({ rows: 4, imported: 0, repeated: 4, refused: 0 });
  expect(world.balancesOf('ada')).toMatchObject({ main: { available: 100 } });
});

test('a date is the last day of the points, and the first instant of their age', async () => {
  const { counts } = await run([
    'member,type,points,expiresAt,earnedAt',
    'eve,main,10,2026-06-16,2026-02-14',
    'eve,main,5,2026-06-15,',
  ]);
  expect(counts).toMatchObject({ imported: 2, refused: 0 });
  world.process({ id: 'k1', kind: 'tick', at: '2026-06-16T00:00:00Z' });
  expect(world.balancesOf('eve')).toMatchObject({ main: { available: 10 } });
  world.process({ id: 'k2', kind: 'tick', at: '2026-06-16T23:59:59Z' });
  expect(world.balancesOf('eve')).toMatchObject({ main: { available: 10 } });
  world.process({ id: 'k3', kind: 'tick', at: '2026-06-17T00:00:00Z' });
  expect(world.balancesOf('eve')).toMatchObject({ main: { available: 0 } });
  const { problems } = await run([HEADER, 'eve,main,1,2026-02-30,', 'eve,main,1,2026-06-16,']);
  expect(problems).toMatchObject([
    { line: 2, column: 'expiresAt', reason: 'invalid-instant' },
    { line: 3, column: 'expiresAt', reason: 'lot-expired' },
  ]);
});

test('every bad row is told with its line, its column and the reason; the others are in', async () => {
  const { counts, problems } = await run([
    HEADER,
    'ada,main,-5,,',
    'ada,main,ten,,',
    'ada,main,1,next year,',
    ',main,1,,',
    'ada,main,1',
    'ada,gold,1,,',
    'ada,main,1.5,,',
    'ada,main,1,2020-01-01T00:00:00Z,',
    'ada,main,7,,',
  ]);
  expect(counts).toEqual({ rows: 9, imported: 1, repeated: 0, refused: 8 });
  const told = problems.sort((a, b) => a.line - b.line);
  expect(told.map(({ line, column, reason }) => [line, column, reason])).toEqual([
    [2, 'points', 'wrong-type'],
    [3, 'points', 'wrong-type'],
    [4, 'expiresAt', 'invalid-instant'],
    [5, 'member', 'empty-text'],
    [6, '', 'malformed-row'],
    [7, 'type', 'unknown-point-type'],
    [8, 'points', 'too-many-decimals'],
    [9, 'expiresAt', 'lot-expired'],
  ]);
});

test('a row that was refused can be imported once its reason is gone', async () => {
  const file = [HEADER, 'cyd,main,5,,'];
  expect((await run(file, { enrol: false })).problems).toMatchObject([
    { line: 2, column: 'member', reason: 'unknown-member' },
  ]);
  expect((await run(file, { enrol: false })).counts).toMatchObject({ refused: 1 });
  world.process({ id: 'e', kind: 'enrol', member: 'cyd' });
  expect((await run(file, { enrol: false })).counts).toMatchObject({ imported: 1, refused: 0 });
  expect((await run(file, { enrol: false })).counts).toMatchObject({ imported: 0, repeated: 1 });
  expect(world.balancesOf('cyd')).toMatchObject({ main: { available: 5 } });
});

test('a corrected amount is told, not added', async () => {
  await run([HEADER, 'ada,main,40,,']);
  const { problems } = await run([HEADER, 'ada,main,45,,']);
  expect(problems).toMatchObject([{ line: 2, reason: 'transaction-id-reused' }]);
  expect(world.balancesOf('ada')).toMatchObject({ main: { available: 40 } });
});

test('a file with a column that is not known is refused as a whole', async () => {
  await expect(run(['member,type,points,expires'])).rejects.toMatchObject({
    code: 'import-file-layout',
  });
  await expect(run(['member,points'])).rejects.toMatchObject({ code: 'import-file-layout' });
});
