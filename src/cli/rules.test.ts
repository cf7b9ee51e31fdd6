import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rules } from './rules.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arbiter-rules-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command over a file and returns its exit code and output. */
async function run(verb: string, content: string, ...flags: string[]) {
  const file = join(folder, 'rules.yaml');
  await writeFile(file, content);
  let output = '';
  const code = await rules([verb, ...flags, file], (text) => {
    output += text;
  });
  return { code, output: output.replaceAll(folder, '') };
}

const GOOD = `program: { id: shop, currency: { code: EUR }, timezone: Europe/Berlin }
places: [ { id: de, kind: country }, { id: berlin, kind: region, parent: de } ]
arbitration:
  mode: exclusive
  limits: { maxDiscount: { percent: 30 } }
  children:
    - group: fruit
      mode: max
      children:
        - promotion: apples
          regions: { in: [de], with: { berlin: { percent: 25 } } }
          when: { total.current: { atLeast: 1000 }, codes: SPRING }
          lines: { sku: [APPLE, PEAR], order: cheapest-first, take: 1, every: 3 }
          benefits: { list: [ { discount: { percent: 20 } } ] }
`;

test('check accepts a good file', async () => {
  expect(await run('check', GOOD)).toEqual({
    code: 0,
    output: '/rules.yaml: 0 errors, 0 warnings\n',
  });
});

test('check prints every problem with its place and a hint', async () => {
  const bad = GOOD.replace('in: [de]', 'in: [dee]').replace('percent: 20', 'percent: 20, type: x');
  expect(await run('check', bad)).toMatchInlineSnapshot(`
    {
      "code": 1,
      "output": "/rules.yaml:14:64 error unknown-field /arbitration/children/0/children/0/benefits/list/0/discount/type
      \`type\` is not a field here
      use one of percent, amount, per
    /rules.yaml: 1 error, 0 warnings
    ",
    }
  `);
  const unknown = GOOD.replace('in: [de]', 'in: [dee]');
  expect(await run('check', unknown)).toMatchInlineSnapshot(`
    {
      "code": 1,
      "output": "/rules.yaml:11:27 error unknown-place /arbitration/children/0/children/0/regions/in/0
      the place \`dee\` is not declared
      did you mean \`de\`?
    /rules.yaml: 1 error, 0 warnings
    ",
    }
  `);
});

test('names that are only used are fine in an open world', async () => {
  expect((await run('check', GOOD.replace('in: [de]', 'in: [dee]'), '--open')).code).toBe(0);
});

test('show prints tree, index, hash and cost', async () => {
  const { code, output } = await run('show', GOOD);
  expect(code).toBe(0);
  expect(output.replace(/sha256:[0-9a-f]{64}/, 'sha256:…')).toMatchInlineSnapshot(`
    "programme   shop, EUR (2 places), Europe/Berlin
    hash        sha256:…
    promotions  1 active, 0 dormant
    points      main (standard)
    places      2, partners 0
    cost        25 when every promotion is a candidate

    tree
    main: exclusive; at most 30 % off
      fruit: max, scope order, combine any
        #0 apples: product-discount; in de
            when     codes is SPRING and total.current atLeast 1000
            lines    sku in [APPLE, PEAR], cheapest-first, skip 0, take 1 of every 3 units
            gives    discount 20 % for sku in [APPLE, PEAR], cheapest-first, skip 0, take 1 of every 3 units
            at berlin:
              when     codes is SPRING and total.current atLeast 1000
              lines    sku in [APPLE, PEAR], cheapest-first, skip 0, take 1 of every 3 units
              gives    discount 25 % for sku in [APPLE, PEAR], cheapest-first, skip 0, take 1 of every 3 units

    index
      place         1 promotions require one of 1 values
      line.sku      1 promotions require one of 2 values
      code          1 promotions require one of 1 values
    "
  `);
});

test('what cannot be read or understood exits with 2', async () => {
  expect((await run('check', 'a: [')).code).toBe(2);
  expect((await run('list', GOOD)).code).toBe(2);
  expect(await rules(['check', join(folder, 'missing.yaml')], () => {})).toBe(2);
  expect(await rules(['check'], () => {})).toBe(2);
});
