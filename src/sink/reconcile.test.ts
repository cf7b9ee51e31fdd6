import { expect, test } from 'vitest';
import { type LocalState, type RemoteState, reconcile } from './reconcile.ts';

const local: LocalState = { deployment: 'd', generation: 2, block: 7, hasPending: false };
const remote: RemoteState = { deployments: ['d'], generation: 2, newest: 7, block: 7, rows: 100 };
const empty: RemoteState = { deployments: [], generation: 0, newest: 0, block: 0, rows: 0 };
const fresh: LocalState = { deployment: 'd', generation: 1, block: 0, hasPending: false };

test.each([
  { name: 'both new', local: fresh, remote: empty },
  {
    name: 'first block sent in part',
    local: { ...fresh, hasPending: true },
    remote: { ...empty, rows: 9 },
  },
  { name: 'equal', local, remote },
  { name: 'block sent in part', local: { ...local, hasPending: true }, remote },
  {
    name: 'answer lost',
    local: { ...local, hasPending: true },
    remote: { ...remote, newest: 8, block: 8 },
  },
])('the sink goes on: $name', (both) => {
  expect(reconcile(both.local, both.remote)).toEqual({ kind: 'go-on' });
});

test('a ClickHouse that went back gets the blocks since then again', () => {
  expect(reconcile(local, { ...remote, newest: 3, block: 3 })).toEqual({
    kind: 'rewind',
    block: 3,
  });
});

test('a gap in the blocks is filled from its beginning', () => {
  expect(reconcile(local, { ...remote, block: 3 })).toEqual({ kind: 'rewind', block: 3 });
});

test('an empty ClickHouse is rebuilt', () => {
  expect(reconcile(local, empty)).toEqual({ kind: 'rebuild' });
});

test.each([
  { code: 'clickhouse-of-another-deployment', remote: { ...remote, deployments: ['d', 'e'] } },
  { code: 'clickhouse-ahead', remote: { ...remote, generation: 3, newest: 1, block: 1 } },
  { code: 'clickhouse-of-older-generation', remote: { ...remote, generation: 1 } },
  { code: 'clickhouse-ahead', remote: { ...remote, newest: 8, block: 8 } },
  { code: 'clickhouse-rows-unaccounted', remote: { ...empty, rows: 1 } },
])('the sink refuses: $code', ({ code, remote: found }) => {
  expect(reconcile(local, found)).toMatchObject({ fault: { code, retry: 'operator' } });
});

test('rows of nobody in a database that was never filled are refused', () => {
  expect(reconcile(fresh, { ...empty, rows: 5 })).toMatchObject({
    fault: { code: 'clickhouse-rows-unaccounted' },
  });
});
