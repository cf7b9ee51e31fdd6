import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conform } from './conform.ts';
import { evaluate } from './evaluate.ts';

let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbiter-evaluate-'));
  const half = '{ promotion: half, benefits: { list: [ { discount: { percent: 50 } } ] } }';
  writeFileSync(at('rules.yaml'), `arbitration: { mode: sequential, children: [ ${half} ] }`);
  writeFileSync(at('bad.yaml'), 'arbitration: { mode: whatever, children: [] }');
  writeFileSync(
    at('sale.json'),
    '{ "lines": [ { "id": "1", "sku": "A", "quantity": 1, "price": 900 } ] }',
  );
  writeFileSync(at('right.yaml'), fixture(450));
  writeFileSync(at('wrong.yaml'), fixture(451));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fixture(payable: number): string {
  return `
name: half price
source: here
ruleSet: { arbitration: { mode: sequential, children: [ { promotion: half, benefits: { list: [ { discount: { percent: 50 } } ] } } ] } }
transactions: [ { id: t1, kind: quote, lines: [ { sku: A, price: 900 } ] } ]
expect: [ { totals: { payable: ${payable} } } ]
`;
}

async function run(
  command: typeof evaluate,
  argv: readonly string[],
): Promise<{ code: number; said: string }> {
  let said = '';
  const code = await command(argv, (text) => {
    said += text;
  });
  return { code, said };
}

for (const engine of ['compiled', 'interpret']) {
  test(`a checkout is evaluated by the ${engine} engine`, async () => {
    const files = ['--rules', at('rules.yaml'), '--checkout', at('sale.json')];
    const { code, said } = await run(evaluate, [...files, '--engine', engine]);
    expect(code).toBe(0);
    expect(JSON.parse(said)).toMatchObject({ status: 'accepted', totals: { payable: 450 } });
  });
}

test('a rule set that does not compile is told with its problems', async () => {
  const argv = ['--rules', at('bad.yaml'), '--checkout', at('sale.json')];
  const { code, said } = await run(evaluate, argv);
  expect(code).toBe(1);
  expect(JSON.parse(said)).toMatchObject({ diagnostics: [{ path: '/arbitration/mode' }] });
});

test('a missing file and a missing option are told', async () => {
  expect(await run(evaluate, ['--rules', at('rules.yaml')])).toMatchObject({ code: 2 });
  const argv = ['--rules', at('none.yaml'), '--checkout', at('sale.json')];
  expect((await run(evaluate, argv)).said).toContain('cannot read');
});

test('conform prints a line a fixture and the sum', async () => {
  const { code, said } = await run(conform, [at('right.yaml'), at('wrong.yaml')]);
  expect(code).toBe(1);
  expect(said).toContain(`ok ${at('right.yaml')}: half price`);
  expect(said).toContain('/totals/payable: expected 451, got 450');
  expect(said).toContain('1 passed, 1 failed');
});
