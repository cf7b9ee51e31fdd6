import type { OutcomeJson } from '../client/outcome-json.ts';
import { type CsvRecord, type OpenCsv, openCsv } from '../csv/open-csv.ts';
import { Fault } from '../fault.ts';
import {
  type BalanceRow,
  COLUMNS,
  type Column,
  columnOf,
  nameOf,
  type PlannedRow,
  planRow,
  REQUIRED,
  type RowProblem,
  retried,
} from './balance-row.ts';

const BALANCES_FILE = {
  recordCharactersMax: 10_000,
  looseQuotes: false,
  unreadable: 'import-file-unreadable',
};

/** Rows sent together; the next are read when these have their outcomes. */
export const ROWS_TOGETHER = 4_096;
/** Names of rows kept to tell equal ones apart; a file with more rows has a column `id`. */
export const ROWS_WITHOUT_ID_MAX = 1_000_000;
/** Times that a row whose earlier tries moved nothing may be sent anew. */
export const ATTEMPTS_MAX = 16;

export interface ImportOptions {
  readonly file: string;
  /** Part of every transaction id: the same import sent again changes nothing. */
  readonly name: string;
  /** Enrols the members of the file first; those who are members already stay as they are. */
  readonly enrol: boolean;
  readonly submit: (transactions: readonly unknown[]) => Promise<readonly OutcomeJson[]>;
  readonly problem: (problem: RowProblem) => void;
  readonly progress: (counts: ImportCounts, file: OpenCsv) => void;
}

export interface ImportCounts {
  rows: number;
  imported: number;
  /** Were imported before. */
  repeated: number;
  refused: number;
}

/** Brings balances in from a CSV file, lot by lot, each with its own expiry. */
export async function importBalances(options: ImportOptions): Promise<ImportCounts> {
  const file = await openCsv(options.file, BALANCES_FILE);
  const counts: ImportCounts = { rows: 0, imported: 0, repeated: 0, refused: 0 };
  const sender = new Sender(options, counts);
  let layout: Layout | undefined;
  for await (const record of file.records) {
    if (layout === undefined) layout = readHeader(record);
    else if (sender.take(record, layout)) await sender.flush();
    options.progress(counts, file);
  }
  if (layout === undefined) throw wrongLayout('the file is empty');
  await sender.flush();
  options.progress(counts, file);
  return counts;
}

type Layout = Readonly<Record<Column, number>> & { readonly width: number };

function readHeader({ values }: CsvRecord): Layout {
  for (const name of values) {
    if (COLUMNS.some((column) => column === name)) continue;
    throw wrongLayout(`\`${name}\` is no column of an import: ${COLUMNS.join(', ')}`);
  }
  for (const column of REQUIRED) {
    if (!values.includes(column)) throw wrongLayout(`the file has no column \`${column}\``);
  }
  const at = (column: Column): number => values.indexOf(column);
  return {
    width: values.length,
    member: at('member'),
    type: at('type'),
    points: at('points'),
    expiresAt: at('expiresAt'),
    earnedAt: at('earnedAt'),
    issuer: at('issuer'),
    id: at('id'),
  };
}

function wrongLayout(message: string): Fault {
  return new Fault('import-file-layout', message, { retry: 'operator' });
}

/** Collects rows, sends them together and tells what became of each. */
class Sender {
  readonly #options: ImportOptions;
  readonly #counts: ImportCounts;
  readonly #seen = new Map<string, number>();
  #rows: PlannedRow[] = [];

  constructor(options: ImportOptions, counts: ImportCounts) {
    this.#options = options;
    this.#counts = counts;
  }

  /** Takes one row; true when it is time to send. */
  take({ line, values }: CsvRecord, layout: Layout): boolean {
    this.#counts.rows += 1;
    if (values.length !== layout.width) {
      const message = `the row has ${values.length} columns, the header ${layout.width}`;
      this.#refuse({ line, column: '', reason: 'malformed-row', message });
      return false;
    }
    const row = rowOf(values, layout);
    const planned = planRow(row, { line, id: `import/${this.#options.name}/${this.#name(row)}` });
    if ('reason' in planned) this.#refuse(planned);
    else this.#rows.push(planned);
    return this.#rows.length >= ROWS_TOGETHER;
  }

  /** Rows about the same lot are told apart by their number. */
  #name(row: BalanceRow): string {
    const name = nameOf(row);
    if (row.id !== '') return name;
    const number = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, number);
    if (this.#seen.size > ROWS_WITHOUT_ID_MAX) {
      throw wrongLayout(`a file of more than ${ROWS_WITHOUT_ID_MAX} rows needs a column \`id\``);
    }
    return `${name}/${number}`;
  }

  /** Sends what was taken; resolves when all of it is durable. */
  async flush(): Promise<void> {
    if (this.#options.enrol) await this.#enrol();
    let rows = this.#rows.splice(0);
    const first = rows;
    for (let attempt = 1; rows.length > 0; attempt += 1) {
      const outcomes = await this.#options.submit(rows.map(({ transaction }) => transaction));
      const again: PlannedRow[] = [];
      for (const [index, row] of rows.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined) continue;
        // It moved nothing then, perhaps because the member was not there yet: try it anew.
        const isAgain = outcome.status === 'exists' && outcome.recorded === 'rejected';
        if (isAgain && attempt < ATTEMPTS_MAX) again.push(row);
        else this.#settle(row, outcome);
      }
      rows = again.map(({ line }) => {
        const planned = first.find((row) => row.line === line);
        return retried(planned as PlannedRow, attempt + 1); // It is one of them.
      });
    }
  }

  async #enrol(): Promise<void> {
    const members = new Set(this.#rows.map(({ member }) => member));
    if (members.size === 0) return;
    const { name, submit } = this.#options;
    await submit(
      [...members].map((member) => ({
        id: `import/${name}/enrol/${member}`,
        kind: 'enrol',
        member,
      })),
    );
  }

  #settle({ line }: PlannedRow, outcome: OutcomeJson): void {
    const { status, reason = '', path = '', message = '' } = outcome;
    if (status === 'accepted') this.#counts.imported += 1;
    else if (status === 'exists' && outcome.recorded !== 'rejected') this.#counts.repeated += 1;
    else this.#refuse({ line, column: columnOf(path), reason, message });
  }

  #refuse(problem: RowProblem): void {
    this.#counts.refused += 1;
    this.#options.problem(problem);
  }
}

function rowOf(values: readonly string[], layout: Layout): BalanceRow {
  const text = (column: Column): string => values[layout[column]] ?? '';
  return {
    member: text('member'),
    type: text('type'),
    points: text('points'),
    expiresAt: text('expiresAt'),
    earnedAt: text('earnedAt'),
    issuer: text('issuer'),
    id: text('id'),
  };
}
