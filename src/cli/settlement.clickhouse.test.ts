import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { RowFormatter } from '../../core/layout/rows/row-formatter.ts';
import { ROW_TABLES } from '../../core/layout/rows/table.ts';
import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { applyBatch } from '../../workers/batch/apply-batch.ts';
import { compileStored } from '../../workers/rules/compile-document.ts';
import { RulesStore } from '../../workers/rules/rules-store.ts';
import { ledgerOf } from '../../workers/store/block-reading.ts';
import { partitionFolder, RULES_FOLDER } from '../../workers/store/folders.ts';
import { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import { migrate } from '../clickhouse/migrate.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { Random } from '../generate/random.ts';
import { openDeployment } from '../store/deployment.ts';
import { settlement } from './settlement.ts';

const PARTITIONS = 2;
const MEMBERS = 12;
const TRANSACTIONS = 900;
const START = Date.UTC(2026, 9, 1);
const HOUR = 3_600_000;
/** The period lies in the middle of the traffic: what is before and after must not count. */
const PERIOD = { from: '2026-10-10', to: '2026-10-28' };
const SHOPS = ['s-fuel', 's-food', 's-wear', 's-own'];

/** Who issues pays who accepts; the makers also fund discounts in other partners' shops. */
const DOCUMENT = {
  program: { id: 'settled', currency: { code: 'EUR', exponent: 2 }, timezone: 'UTC' },
  pointTypes: [
    { id: 'main', ratio: { points: 1, money: 100 } },
    { id: 'promo', ratio: { points: 7, money: 100 } },
  ],
  partners: [
    { id: 'fuel', reward: { percent: 5 } },
    { id: 'food', products: [{ sku: 'BREAD', percent: 12 }] },
    { id: 'wear' },
  ],
  places: [
    { id: 'xx', kind: 'country' },
    { id: 's-fuel', kind: 'store', parent: 'xx', partner: 'fuel' },
    { id: 's-food', kind: 'store', parent: 'xx', partner: 'food' },
    { id: 's-wear', kind: 'store', parent: 'xx', partner: 'wear' },
    { id: 's-own', kind: 'store', parent: 'xx' },
  ],
  arbitration: {
    mode: 'sequential',
    children: [
      {
        ...{ promotion: 'own-terms', type: 'partner-offer' },
        benefits: { list: [{ 'partner-discount': {} }] },
      },
      {
        ...{ promotion: 'makers', type: 'partner-offer' },
        benefits: { list: [{ discount: { percent: 7 } }] },
      },
      {
        ...{ promotion: 'issued', type: 'partner-offer' },
        benefits: { list: [{ points: { rate: 3 } }] },
      },
      {
        ...{ promotion: 'given', type: 'points-accrual' },
        benefits: { list: [{ points: { rate: 20, type: 'promo' } }] },
      },
    ],
  },
};

let folder: string;
let server: EmbeddedClickHouse;
let clickhouse: ClickHouse;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-settlement-'));
  server = await startEmbeddedClickHouse({ dataDirectory: join(folder, 'clickhouse') });
  const { url } = server;
  clickhouse = new ClickHouse({ url, user: 'default', password: '', database: 'arbiter' });
  await migrate(clickhouse);
  await keepTraffic();
});

afterAll(async () => {
  await clickhouse.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The same traffic into the ledger on disk, and its rows into ClickHouse. */
async function keepTraffic(): Promise<void> {
  const { store: path } = dataLayout(folder);
  openDeployment(path, PARTITIONS);
  const compiled = compileStored(DOCUMENT);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const { tree } = compiled.value;
  const rules = new RulesStore(join(path, RULES_FOLDER));
  const { hash } = tree;
  rules.put({ version: 1, hash, author: 'a', note: '', document: DOCUMENT });
  await rules.close();
  const stores = Array.from(
    { length: PARTITIONS },
    (_, partition) =>
      new LmdbStore({
        path: join(path, partitionFolder(partition)),
        partition,
        partitions: PARTITIONS,
      }),
  );
  const formatter = new RowFormatter();
  for (const [partition, store] of stores.entries()) {
    applyAll(store, tree, partition);
    for (const record of ledgerOf(store)) formatter.add(partition, record);
    await store.close();
  }
  const { rows, bytes } = formatter.take();
  for (const table of ROW_TABLES) {
    if (rows[table] > 0) await clickhouse.insert({ table, bytes: bytes[table], token: table });
  }
}

function applyAll(store: LmdbStore, tree: ArbitrationTree, partition: number): void {
  const trees = { usable: () => true, treeOf: () => tree };
  const activation = { kind: 'activation', version: 1, hash: tree.hash, author: 'a', note: '' };
  const mine = traffic().filter(
    ({ transaction }) => partitionOf(partitionKey(transaction) ?? '', PARTITIONS) === partition,
  );
  const all = [{ at: START, transaction: { id: 'on', ...activation } }, ...mine];
  for (const [position, { at, transaction }] of all.entries()) {
    const data = Buffer.from(JSON.stringify(transaction));
    const message = {
      sequence: position + 1,
      storedAt: at,
      format: 'json',
      answer: false,
      store: '',
      data,
    };
    const source = { epoch: 1, created: 'made up' };
    store.write(
      applyBatch(store, trees, { messages: [{ ...message, format: 'json' }], source }).writes,
    );
  }
}

interface Written {
  readonly at: number;
  readonly transaction: Readonly<Record<string, unknown>>;
}

/** A month of sales everywhere, paid with points of everybody, some held first, some returned. */
function traffic(): readonly Written[] {
  const random = new Random(4);
  const members = Array.from({ length: MEMBERS }, (_, number) => `m-${number}`);
  const all: Written[] = members.map((member) => {
    return { at: START + 1, transaction: { id: `join/${member}`, kind: 'enrol', member } };
  });
  const sales: { readonly id: string; readonly member: string; readonly line: string }[] = [];
  for (let number = 0; number < TRANSACTIONS; number += 1) {
    const at = START + 2 + number * HOUR;
    const id = `t/${number}`;
    const back = random.chance(0.2)
      ? random.pick(sales.length > 0 ? sales : [undefined])
      : undefined;
    if (back) {
      const { id: checkout, member, line } = back;
      const lines = random.chance(0.6) ? { lines: [{ id: line, quantity: 1 }] } : {};
      all.push({ at, transaction: { id, kind: 'return', member, checkout, ...lines } });
      continue;
    }
    const member = random.pick(members);
    const sold = { member, store: random.pick(SHOPS), lines: basket(random) };
    const pay = { points: random.pick(['main', 'promo']), amount: random.between(1, 60) };
    const wish = random.chance(0.7) ? { pay } : {};
    const isHeld = random.chance(0.15);
    all.push({ at, transaction: { id, kind: isHeld ? 'hold' : 'checkout', ...sold, ...wish } });
    if (!isHeld) sales.push({ id, member, line: '1' });
    else if (random.chance(0.8)) {
      // Of some only a part is bought: what the rest would have cost nobody owes.
      const part = random.chance(0.4) ? { lines: [{ id: '1', quantity: 1 }] } : {};
      const capture = { id: `${id}/end`, kind: 'capture', member, hold: id, ...part };
      all.push({ at: at + 1, transaction: capture });
      sales.push({ id: capture.id, member, line: '1' });
    }
  }
  return all;
}

function basket(random: Random): readonly object[] {
  return Array.from({ length: random.between(1, 3) }, (_, line) => ({
    id: `${line + 1}`,
    sku: random.pick(['BREAD', 'SHIRT', 'DIESEL']),
    quantity: random.between(1, 3),
    price: random.between(90, 4_000),
    ...(random.chance(0.3) && { partner: random.pick(['fuel', 'food', 'wear']) }),
  }));
}

/** Who owes whom, from rows alone: what was accepted by lot, and what promotions were paid with. */
const OWED = `
  SELECT currency, debtor, creditor,
    sum(worth) AS redeemed, sum(paid) AS contributed, redeemed + contributed AS owed,
    sum(abs(points)) AS moved
  FROM
  (
    SELECT currency, debtor, creditor, sum(amount) AS points, 0 AS paid,
      sign(points) * intDiv(abs(points) * 100, if(unit = 'promo', 7, 1)) AS worth
    FROM
    (
      SELECT c.currency AS currency, e.account_owner AS creditor, e.unit AS unit, e.amount AS amount,
        if(startsWith(e.lot, '@'), 'programme', splitByChar('@', e.lot)[1]) AS debtor
      FROM entries AS e
      INNER JOIN checkouts AS c ON c.partition = e.partition AND c.sequence = e.sequence
      WHERE e.account_kind = 'accepted'
        AND e.accepted_at >= {from:String} AND e.accepted_at < {to:String}
    )
    GROUP BY currency, debtor, creditor, unit
    UNION ALL
    SELECT c.currency AS currency, a.partner AS debtor,
      if(c.partner = '', 'programme', c.partner) AS creditor, 0 AS points,
      sum(a.applied) AS paid, 0 AS worth
    FROM awards AS a
    INNER JOIN checkouts AS c ON c.partition = a.partition AND c.sequence = a.sequence
    WHERE a.benefit = 'contribution'
      AND a.accepted_at >= {from:String} AND a.accepted_at < {to:String}
    GROUP BY currency, debtor, creditor
  )
  WHERE debtor != creditor
  GROUP BY currency, debtor, creditor
  HAVING owed != 0 OR moved != 0
  ORDER BY currency, debtor, creditor`;

interface Statement {
  readonly debts: readonly {
    readonly debtor: string;
    readonly creditor: string;
    readonly currency: string;
    readonly redeemed: number;
    readonly contributed: number;
    readonly owed: number;
  }[];
  readonly nets: readonly { readonly net: number }[];
}

test('ClickHouse says of the same traffic what the settlement says from the ledger', async () => {
  let printed = '';
  const period = ['--from', PERIOD.from, '--to', PERIOD.to, '--json', '--data', folder];
  expect(await settlement(period, (text) => (printed += text))).toBe(0);
  const { debts, nets }: Statement = JSON.parse(printed);
  expect(nets.reduce((sum, { net }) => sum + net, 0)).toBe(0);

  const pairs = debts.filter(({ creditor }) => creditor !== 'rounding');
  const rows = await clickhouse.rows(OWED, PERIOD);
  expect(rows.map(({ moved: _, ...row }) => row)).toEqual(
    pairs.map(({ currency, debtor, creditor, redeemed, contributed, owed }) => ({
      ...{ currency, debtor, creditor, redeemed: `${redeemed}` },
      ...{ contributed: `${contributed}`, owed: `${owed}` },
    })),
  );
  // Otherwise the comparison would prove little: everybody owes somebody, for both reasons.
  expect(pairs.length).toBeGreaterThan(8);
  expect(pairs.some(({ contributed }) => contributed !== 0)).toBe(true);
  expect(pairs.some(({ redeemed }) => redeemed > 0)).toBe(true);
});
