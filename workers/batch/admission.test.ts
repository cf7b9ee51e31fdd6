import { describe, expect, test } from 'vitest';
import type { Inbound } from '../../core/fold.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { TRANSACTION_KINDS } from '../../core/transaction/transaction.ts';
import { admitted, TILL_KINDS } from './admission.ts';

const LINES = [{ sku: 'MILK', quantity: 1, price: 130 }];
const sale = (store: string) => ({ store }) as LedgerRecord;
const sales = {
  recorded: (id: string) => ({ own: sale('s-1'), foreign: sale('s-2') })[id],
};

function inbound(transaction: object): Inbound {
  const decoded = decodeTransaction({ id: 'an-id', ...transaction });
  if (!decoded.ok) throw new Error(`${decoded.rejection.path} ${decoded.rejection.message}`);
  return { ok: true, transaction: decoded.transaction };
}

const from = (store: string, transaction: object) =>
  admitted(inbound(transaction), { store, refusedId: 'refused:1' }, sales);

const refusedAs = (reason: string, path: string) => ({ ok: false, id: 'refused:1', reason, path });

describe('a till', () => {
  test.each([
    { kind: 'checkout', store: 's-1', lines: LINES },
    { kind: 'quote', store: 's-1', lines: LINES },
    { kind: 'return', store: 's-1', checkout: 'foreign' },
    { kind: 'enrol', store: 's-1', member: 'ada' },
    { kind: 'cancel', checkout: 'own' },
    { kind: 'capture', member: 'ada', hold: 'own' },
    { kind: 'release', member: 'ada', hold: 'own' },
  ])('may send `$kind` of its store', (transaction) => {
    expect(from('s-1', transaction)).toEqual(inbound(transaction));
  });

  test.each([
    [{ kind: 'checkout', store: 's-2', lines: LINES }, '/store'],
    [{ kind: 'checkout', lines: LINES }, '/store'],
    [{ kind: 'quote', store: 's-2', lines: LINES }, '/store'],
    [{ kind: 'return', store: 's-2', checkout: 'own' }, '/store'],
    [{ kind: 'enrol', member: 'ada' }, '/store'],
    [{ kind: 'cancel', checkout: 'foreign' }, '/checkout'],
    [{ kind: 'cancel', checkout: 'unknown' }, '/checkout'],
    [{ kind: 'capture', member: 'ada', hold: 'foreign' }, '/hold'],
    [{ kind: 'release', member: 'ada', hold: 'unknown' }, '/hold'],
  ])('is refused for another store: %j', (transaction, path) => {
    expect(from('s-1', transaction)).toMatchObject(refusedAs('not-your-store', path));
  });

  test('may send nothing else', () => {
    for (const kind of TRANSACTION_KINDS) {
      if (TILL_KINDS.has(kind)) continue;
      const sent = { ok: true, transaction: { kind, id: 'an-id' } } as unknown as Inbound;
      const answer = admitted(sent, { store: 's-1', refusedId: 'refused:1' }, sales);
      expect(answer, kind).toMatchObject(refusedAs('kind-not-for-tills', '/kind'));
    }
  });
});

test('our own services may send anything', () => {
  const tick = { kind: 'tick', at: '2026-01-01T00:00:00Z' };
  expect(from('', tick)).toEqual(inbound(tick));
});
