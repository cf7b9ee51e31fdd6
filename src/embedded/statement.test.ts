import { expect, test } from 'vitest';
import { readStatement } from './statement.ts';

test.each([
  ['SELECT 1', undefined],
  ['SELECT 1 FORMAT JSON', 'JSON'],
  ['select 1 format JSONEachRow settings max_threads = 1;', 'JSONEachRow'],
  ["SELECT ' FORMAT CSV' -- FORMAT TSV", undefined],
  ['SELECT format FROM t', undefined],
  ['SELECT `FORMAT` x /* FORMAT CSV */ FORMAT Pretty ;\n-- end', 'Pretty'],
])('%s has the format %s', (text, format) => {
  expect(readStatement(text)).toMatchObject({ kind: 'query', format });
});

test.each(['', ' \n', '-- nothing', '/* nothing */'])('%j is empty', (text) => {
  expect(readStatement(text)).toEqual({ kind: 'empty' });
});

test.each(["SELECT ';'; SELECT 2", 'DROP TABLE a; DROP TABLE b', 'SELECT 1;; x'])(
  '%s is more than one statement',
  (text) => {
    expect(readStatement(text).kind).toBe('many');
  },
);

test.each([
  ['INSERT INTO t FORMAT TSV', '', 'TSV', 'FORMAT TSV'],
  ['INSERT INTO t FORMAT TSV\n1\t2\n', '1\t2\n', 'TSV', 'FORMAT TSV'],
  ['insert into t (format, b) settings a = 1 format CSV \n\n1', '\n1', 'CSV', 'settings a'],
  ['INSERT INTO `a b`.t FORMAT JSONEachRow {"a":1}', '{"a":1}', 'JSONEachRow', 'FORMAT JSON'],
  ["INSERT INTO t VALUES (1, 'FORMAT')", "(1, 'FORMAT')", 'Values', 'VALUES'],
] as const)('%j brings rows', (text, rows, format, source) => {
  const read = readStatement(text);
  expect(read).toMatchObject({ kind: 'insert-rows', format });
  if (read.kind !== 'insert-rows') return;
  expect(text.slice(read.rowsAt)).toBe(rows);
  expect(text.slice(read.sourceAt)).toMatch(new RegExp(`^${source}`));
});

test('an insert from a query is a statement without rows', () => {
  expect(readStatement('INSERT INTO t SELECT 1').kind).toBe('insert-query');
  expect(readStatement('INSERT INTO t (a) WITH 1 AS x SELECT x; SELECT 2').kind).toBe('many');
});
