import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeBackTornTokens } from './deduplication-log.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'arbiter-tokens-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A table's folder as the engine leaves it: logs of tokens beside folders of parts. */
function table(name: string, parts: readonly string[], logs: readonly string[]): string {
  const folder = join(directory, 'store', name.slice(0, 3), name);
  for (const part of parts) mkdirSync(join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'deduplication_logs'), { recursive: true });
  for (const [index, text] of logs.entries()) writeFileSync(logOf(folder, index + 1), text);
  return folder;
}

function logOf(folder: string, number: number): string {
  return join(folder, 'deduplication_logs', `deduplication_log_${number}.txt`);
}

test('a token without its part is taken back, once', () => {
  const folder = table('abc-1', ['all_1_1_0'], ['1\tall_1_1_0\tb1\n1\tall_2_2_0\tb2\n']);
  expect(takeBackTornTokens(directory)).toBe(1);
  expect(readFileSync(logOf(folder, 1), 'utf8')).toBe(
    '1\tall_1_1_0\tb1\n1\tall_2_2_0\tb2\n2\tall_2_2_0\tb2\n',
  );
  expect(takeBackTornTokens(directory)).toBe(0);
});

test.each([
  { title: 'merged', parts: ['202611_1_9_2'] },
  { title: 'mutated', parts: ['202611_3_3_0_12'] },
  { title: 'itself', parts: ['202611_3_3_0'] },
])('the token of a part that is there $title stays', ({ parts }) => {
  table('abc-1', parts, ['1\t202611_3_3_0\tb3\n']);
  expect(takeBackTornTokens(directory)).toBe(0);
});

test('a part of another partition or an unfinished one is not that part', () => {
  table('abc-1', ['202612_1_9_2', 'tmp_insert_202611_3_3_0'], ['1\t202611_3_3_0\tb3\n']);
  expect(takeBackTornTokens(directory)).toBe(1);
});

test('the newest of several logs gets the record, after what the kill cut off', () => {
  const folder = table('abc-1', [], ['1\tall_1_1_0\tb1\n2\tall_1_1_0\tb1\n', '1\tall_2_2_0\tb2']);
  expect(takeBackTornTokens(directory)).toBe(1);
  expect(readFileSync(logOf(folder, 2), 'utf8')).toBe('1\tall_2_2_0\tb2\n2\tall_2_2_0\tb2\n');
});

test('a folder without tables needs nothing', () => {
  expect(takeBackTornTokens(directory)).toBe(0);
});
