import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { letGoOfPages } from './mapped-pages.ts';

const ENTRIES = 5_000;
const VALUE_BYTES = 500;
const MAP_BYTES = 1 << 28;

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'arbiter-pages-')));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** KiB of a file that this process has mapped. */
function mappedKiB(file: string): number {
  const [, about = ''] = readFileSync('/proc/self/smaps', 'utf8').split(`${file}\n`);
  return Number(/^Rss:\s+(\d+)/m.exec(about)?.[1] ?? Number.NaN);
}

test.runIf(process.platform === 'linux')('what was read is let go of, and read again', async () => {
  const store = open<Buffer, number>({
    path: folder,
    noSubdir: false,
    encoding: 'binary',
    mapSize: MAP_BYTES,
  });
  const file = join(folder, 'data.mdb');
  store.transactionSync(() => {
    for (let key = 0; key < ENTRIES; key += 1) void store.put(key, Buffer.alloc(VALUE_BYTES, key));
  });
  const readAll = (): boolean[] =>
    Array.from({ length: ENTRIES }, (_, key) => store.get(key)?.[VALUE_BYTES - 1] === (key & 255));
  const wanted = Array.from({ length: ENTRIES }, () => true);
  expect(readAll()).toEqual(wanted);
  const before = mappedKiB(file);

  expect(letGoOfPages([file])).toBe(1);

  expect(mappedKiB(file)).toBeLessThan(before / 2);
  expect(readAll()).toEqual(wanted);
  await store.close();
});

test('a file that is not mapped is left alone', () => {
  expect(letGoOfPages([join(folder, 'nothing')])).toBe(0);
});
