import type { TestResult } from '../../ops/test-mode/run-test.ts';
import type { Costs } from '../../ops/test-mode/test-views.ts';
import { textTable } from './text-table.ts';

/** The three views of a test for a person, and why what did not apply did not. */
export function renderTest(tested: TestResult): string {
  const { ruleSet, at, zone, outcome, result, points = [], order = [], notApplied = [] } = tested;
  const version = ruleSet.version === 0 ? 'no version yet' : `version ${ruleSet.version}`;
  const head = `rule set   ${version} (${ruleSet.hash})\nat         ${at}, ${zone}\n`;
  if (!result) {
    return `${head}rejected   ${outcome['reason']}: ${outcome['message']}\n`;
  }
  const { orders, lines, items, benefits, before, after, paidWithPoints, payable } = result;
  const counts = `${orders} order, ${lines} lines, ${items} items, ${benefits} benefits`;
  const rows = order.map((row) => [
    row.number,
    row.line,
    row.benefit,
    row.result,
    row.unit === 'points' ? row.points : row.unit,
    row.promotion === '' ? '(the member’s wish)' : row.promotion,
    row.type,
  ]);
  const lost = notApplied.map((row) => [row.promotion, row.type, row.reason, row.message]);
  const accounts = points.map((row) => [
    row.type,
    row.before,
    row.accrued,
    row.redeemed,
    row.pending,
    row.after,
  ]);
  return [
    `${head}counts     ${counts}\n`,
    `before     ${costs(before)}\nafter      ${costs(after)}\n`,
    `payable    ${payable} after ${paidWithPoints} paid with points\n`,
    section('points', ['type', 'before', 'accrued', 'redeemed', 'pending', 'after'], accounts),
    section('order', ['no', 'line', 'benefit', 'result', 'of', 'promotion', 'campaign type'], rows),
    section('not applied', ['promotion', 'campaign type', 'reason', 'because'], lost),
    '\nAmounts are in minor units. Nothing was written.\n',
  ].join('');
}

function costs({ goods, delivery, total }: Costs): string {
  return `${total} (goods ${goods}, delivery ${delivery})`;
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  return rows.length === 0 ? '' : `\n${title}\n${textTable(head, rows)}`;
}
