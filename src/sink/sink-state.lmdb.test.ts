import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SinkState } from './sink-state.ts';

let path: string;
let state: SinkState;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'arbiter-sink-state-'));
  state = new SinkState({ path, deployment: 'd', blocksKept: 5 });
});

afterEach(async () => {
  await state.close();
  rmSync(path, { recursive: true, force: true });
});

async function reopened(deployment = 'd'): Promise<SinkState> {
  await state.close();
  state = new SinkState({ path, deployment, blocksKept: 5 });
  return state;
}

async function send(blocks: number): Promise<void> {
  for (let sent = 0; sent < blocks; sent += 1) {
    const first = (state.position.cursor.get(3) ?? 0) + 1;
    await state.finish(await state.begin([{ partition: 3, first, last: first + 9 }]));
  }
}

test('a block that was begun is found as it was after a restart', async () => {
  await send(2);
  const block = await state.begin([{ partition: 3, first: 21, last: 25 }]);

  const after = await reopened();

  expect(after.pending()).toEqual(block);
  expect(after.position).toEqual({ generation: 1, block: 2, cursor: new Map([[3, 20]]) });
});

test('a block that was finished is not sent again', async () => {
  await send(3);

  const after = await reopened();

  expect(after.pending()).toBeUndefined();
  expect(after.position.cursor).toEqual(new Map([[3, 30]]));
});

test('going back sends the same blocks again, then new ones', async () => {
  await send(4);

  expect(await state.rewind(1)).toBe(true);
  expect(state.position).toEqual({ generation: 1, block: 1, cursor: new Map([[3, 10]]) });
  for (const last of [20, 30, 40]) {
    const block = state.pending();
    expect(block?.ranges).toEqual([{ partition: 3, first: last - 9, last }]);
    if (block) await state.finish(block);
  }
  expect(state.pending()).toBeUndefined();
});

test('a partition that a block was the first to touch goes back to its beginning', async () => {
  await send(1);
  await state.finish(await state.begin([{ partition: 4, first: 1, last: 6 }]));
  await state.rewind(1);

  expect(state.position.cursor.get(4)).toBe(0);
});

test('further back than boundaries are kept is not possible and changes nothing', async () => {
  await send(9);

  expect(await state.rewind(2)).toBe(false);
  expect(state.position.block).toBe(9);
});

test('a rebuild starts at the first sequence of a new generation', async () => {
  await send(3);
  await state.begin([{ partition: 3, first: 31, last: 40 }]);
  await state.rebuild();

  const after = await reopened();

  expect(after.position).toEqual({ generation: 2, block: 0, cursor: new Map() });
  expect(after.pending()).toBeUndefined();
});

test('the folder of another deployment is refused', async () => {
  await send(1);

  await expect(reopened('other')).rejects.toMatchObject({ code: 'sink-state-foreign' });
  state = new SinkState({ path, deployment: 'd' });
});
