import { Bug } from '../../core/assert.ts';
import { compileStored } from '../rules/compile-document.ts';
import { RelayWorld } from './relay-world.ts';

const DAY = 86_400_000;
const STEADY = { below: () => 0, chance: () => false };

const DOCUMENT = {
  program: { id: 'life', currency: { code: 'EUR', exponent: 2 }, timezone: 'UTC' },
  pointTypes: [
    { id: 'main', validity: { days: 30 }, initialBalance: 50 },
    { id: 'promo', precision: 2, topUp: { at: 6 } },
    { id: 'status', kind: 'qualification' },
  ],
  tierGroups: [
    {
      ...{ id: 'club', model: 'cyclic', points: 'status', reset: 'at-period-end' },
      ...{ period: { months: 1 }, tiers: [{ id: 'bronze', from: 0 }] },
    },
  ],
  places: [],
  partners: [{ id: 'shop' }],
  arbitration: {
    mode: 'sequential',
    children: [
      promotion('earn', 'points-accrual', { points: { rate: 1 } }),
      promotion('status', 'points-accrual', { points: { rate: 1, type: 'status' } }),
      promotion('later', 'points-accrual', { points: { fixed: 9, credit: 'on-delivery' } }),
      {
        ...promotion('complaint', 'trigger', { points: { fixed: 5 } }),
        ...{ deducts: true, when: { 'event.type': 'complaint' } },
      },
    ],
  },
};

function promotion(id: string, type: string, benefit: object): object {
  return { promotion: id, type, benefits: { list: [benefit] } };
}

/** The members of a whole life. */
export const LIVES = ['ada', 'bob', 'cid', 'dee'] as const;
/** Decimal places of their points. */
export const LIFE_PRECISIONS = { main: 0, promo: 2, status: 0 } as const;

/** Members in two partitions, to whom everything happens that can happen to points. */
export function wholeLife(): RelayWorld {
  const compiled = compileStored(DOCUMENT);
  if (!compiled.ok) throw new Bug('the programme compiles', [compiled.diagnostics]);
  const { tree } = compiled.value;
  const world = new RelayWorld(2, { usable: () => true, treeOf: () => tree }, STEADY);
  let count = 0;
  const send = (kind: string, more: object): void => {
    count += 1;
    const { status, reason } = world.send({ id: `t${count}`, kind, ...more });
    if (status !== 'accepted') throw new Error(`t${count}, a ${kind}, was refused: ${reason}`);
    world.settle();
  };
  for (const member of LIVES) send('enrol', { member });
  buy(send);
  hold(send);
  giveAndTake(send);
  world.pass(6 * DAY);
  belong(send);
  world.pass(31 * DAY);
  world.settle();
  return world;
}

type Send = (kind: string, more: object) => void;

function basket(member: string): object {
  return { member, lines: [{ id: '1', sku: 'TEA', quantity: 2, price: 10_000 }] };
}

function buy(send: Send): void {
  send('checkout', { id: 'c1', ...basket('ada') });
  send('checkout', { id: 'c2', ...basket('ada'), pay: { points: 'main', amount: 120 } });
  send('deliver', { member: 'ada', checkout: 'c1' });
  send('return', { member: 'ada', checkout: 'c1', lines: [{ id: '1', quantity: 1 }] });
  send('cancel', { member: 'ada', checkout: 'c2' });
}

function hold(send: Send): void {
  const wish = { ...basket('ada'), pay: { points: 'main', amount: 10 }, holdFor: 'P1D' };
  for (const id of ['h1', 'h2', 'h3']) send('hold', { id, ...wish });
  send('capture', { member: 'ada', hold: 'h1' });
  send('release', { member: 'ada', hold: 'h2' });
}

function giveAndTake(send: Send): void {
  const main = { member: 'ada', type: 'main' };
  send('adjust', { ...main, amount: 5 });
  send('adjust', { ...main, amount: -3 });
  send('adjust', { ...main, amount: 12, lot: { issuer: 'shop' } });
  const codes = { member: 'bob', type: 'promo' };
  send('adjust', { id: 'codes', ...codes, amount: 7.25 });
  send('adjust', { ...codes, amount: 6, topUp: 'codes/top-up/1' });
  send('trigger', { member: 'ada', event: 'complaint' });
  send('transfer', { ...main, to: 'bob', amount: 20 });
  send('transfer', { ...main, to: 'nobody', amount: 20 });
}

function belong(send: Send): void {
  send('merge', { member: 'cid', into: 'ada' });
  send('unmerge', { member: 'cid' });
  send('close', { member: 'dee' });
}
