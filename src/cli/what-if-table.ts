import type { LargeChange } from '../../ops/what-if/largest-changes.ts';
import type { Figure, WhatIfReport } from '../../ops/what-if/report.ts';
import { type Cell, textTable } from './text-table.ts';

/** Rows of each table; the JSON has all. */
const ROWS_SHOWN = 12;

/** A report for a person: what would have been different, the largest differences first. */
export function renderWhatIf(report: WhatIfReport): string {
  const { candidate, transactions: tx, members, money, points, partners, promotions } = report;
  const version = candidate.version === 0 ? 'no version yet' : `version ${candidate.version}`;
  const moneyRows = money.flatMap(({ currency, ...figures }) =>
    Object.entries(figures).map(([of, figure]) => [currency, of, ...cells(figure)]),
  );
  const pointRows = points.flatMap(({ type, ...figures }) =>
    Object.entries(figures).map(([of, figure]) => [type, of, ...cells(figure)]),
  );
  const partnerRows = partners.flatMap(({ partner, contributed, pointsCost }) => [
    ...contributed.map((row) => [named(partner), `pays, ${row.currency}`, ...cells(row)]),
    [named(partner), 'worth of points issued', ...cells(pointsCost)],
  ]);
  const promotionRows = promotions.flatMap(({ promotion, discount, points: earned }) => [
    ...discount.map((row) => [promotion, row.currency, ...cells(row)]),
    ...earned.map((row) => [promotion, row.type, ...cells(row)]),
  ]);
  const budgetRows = report.budgets.map((row) => [
    row.budget.replaceAll(/\p{Cc}/gu, ' '),
    row.of,
    ...cells(row.used),
  ]);
  const spent = report.exhausted.map((row) => [
    row.promotion,
    row.before ?? 'never',
    row.after ?? 'never',
  ]);
  const figure = ['before', 'after', 'change'];
  return [
    `candidate     ${version} (${candidate.hash})\n`,
    `range         ${report.from} to ${report.to}${filterOf(report)}\n`,
    `transactions  ${tx.compared} compared, ${tx.changed} changed, `,
    `${tx.newlyAccepted} newly accepted, ${tx.newlyRejected} newly rejected\n`,
    tx.drifted === 0 ? '' : `drift         ${tx.drifted} came out otherwise than recorded\n`,
    `members       ${members.affected} affected: ${members.better} better off, `,
    `${members.worse} worse off\n`,
    `liability     ${signed(report.liability.change)} (worth of points, minor units)\n`,
    section('money, minor units', ['currency', 'of', ...figure], moneyRows),
    section('points', ['type', 'of', ...figure], pointRows),
    section('cost by partner, minor units', ['partner', 'of', ...figure], partnerRows),
    section('promotions', ['promotion', 'in', ...figure], promotionRows),
    section('budgets spent', ['budget', 'of', ...figure], budgetRows),
    section('budgets exhausted', ['promotion', 'before', 'after'], spent),
    report.largest.length === 0 ? '' : '\nlargest changes\n',
    ...report.largest.map(largeChange),
    '\nNothing was written.\n',
  ].join('');
}

function filterOf({ region, partner }: WhatIfReport): string {
  const parts = [region === null ? '' : `in ${region}`, partner === null ? '' : `at ${partner}`];
  const said = parts.filter((part) => part !== '').join(' ');
  return said === '' ? '' : `, ${said}`;
}

function named(partner: string): string {
  return partner === '' ? '(programme)' : partner;
}

function cells({ before, after, change }: Figure): readonly Cell[] {
  return [before, after, signed(change)];
}

function signed(change: number): string {
  return change > 0 ? `+${change}` : String(change);
}

function section(
  title: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  if (rows.length === 0) return '';
  const more = rows.length - ROWS_SHOWN;
  const rest = more > 0 ? `  … and ${more} more; --json has all\n` : '';
  return `\n${title}\n${textTable(head, rows.slice(0, ROWS_SHOWN))}${rest}`;
}

function largeChange({ id, member, before, after, promotions }: LargeChange): string {
  const told = (side: LargeChange['before']): string =>
    side.status === 'rejected' ? `rejected (${side.reason})` : `payable ${side.payable}`;
  const who = member === '' ? 'anonymous' : member;
  const lines = promotions.map(({ promotion, discount, points, reason }) => {
    const money = change('discount', discount.before, discount.after);
    const earned = change('points', points.before, points.after);
    const why = reason.after ?? reason.before;
    const said = [money, earned].filter((part) => part !== '').join(', ');
    return `      ${promotion}: ${said}${why === undefined ? '' : ` (${why})`}\n`;
  });
  return `  ${id}, ${who}: ${told(before)} → ${told(after)}\n${lines.join('')}`;
}

function change(what: string, before: number, after: number): string {
  return before === after ? '' : `${what} ${before} → ${after}`;
}
