import { NOTES, type RowUse } from './plan-step.ts';
import { ROW_REASONS, UNMATCHED_REASONS } from './retail-row.ts';
import { type Counts, type ReplayCounts, total } from './tally.ts';

const numbers = new Intl.NumberFormat('en-GB');
const COUNT_WIDTH = 12;
const NAME_WIDTH = 28;

const USES: Readonly<Record<RowUse, string>> = {
  sold: 'lines of checkouts',
  postage: 'postage, as the delivery price of their checkout',
  returned: 'matched to earlier purchases',
  'returned-in-part': 'matched for a part of their quantity',
};

/** The closing report. Its first four sections add up to the rows of the file. */
export function renderReport(counts: ReplayCounts): string {
  const sections = [
    section('Accepted rows', counts.accepted, USES),
    section('Rejected rows, never sent', counts.rejected, ROW_REASONS),
    section('Rejected rows, refused by the processor', counts.refused, {}),
    section('Unmatched returns', counts.unmatched, UNMATCHED_REASONS),
    [line('Rows of the file', counts.rowsRead, 'the sum of the above')],
    ['', 'Transactions', ...rows(counts.transactions, {})],
    ['', 'Worth knowing', ...rows(counts.notes, NOTES)],
  ];
  return `${sections.flat().join('\n')}\n`;
}

type Texts = Readonly<Record<string, string>>;

function section(title: string, counts: Counts<string>, texts: Texts): string[] {
  return [line(title, total(counts), ''), ...rows(counts, texts), ''];
}

/** Largest first; equal ones by name, so that two runs print the same. */
function rows(counts: Counts<string>, texts: Texts): string[] {
  const sorted = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([name, count]) => line(`  ${name}`, count, texts[name] ?? ''));
}

function line(name: string, count: number, text: string): string {
  const number = numbers.format(count).padStart(COUNT_WIDTH);
  // Long titles push their number to the right rather than lose it.
  return `${name.padEnd(NAME_WIDTH)}${number}  ${text}`.trimEnd();
}
