import { type CsvRecord, openCsv } from '../csv/open-csv.ts';
import { Fault } from '../fault.ts';
import type { RetailRow } from './retail-row.ts';

/** Descriptions in the data set hold single quotes. */
const RETAIL_FILE = {
  recordCharactersMax: 100_000,
  looseQuotes: true,
  unreadable: 'replay-file-unreadable',
};

/** Names of the columns, those of the second edition of the data set included. */
const COLUMNS: Readonly<Record<keyof RetailRow, readonly string[]>> = {
  invoice: ['InvoiceNo', 'Invoice'],
  stockCode: ['StockCode'],
  description: ['Description'],
  quantity: ['Quantity'],
  date: ['InvoiceDate'],
  price: ['UnitPrice', 'Price'],
  customer: ['CustomerID', 'Customer ID'],
  country: ['Country'],
};

export interface OpenFile {
  /** Rows in the order of the file; `undefined` for one without the right number of columns. */
  readonly rows: AsyncIterable<RetailRow | undefined>;
  /** Bytes of the file, and how many of them were read so far. */
  readonly bytes: number;
  readonly bytesRead: () => number;
}

/** Opens a file of the data set, packed by gzip or not, and reads it as it is asked for. */
export async function openRetailFile(path: string): Promise<OpenFile> {
  const { records, bytes, bytesRead } = await openCsv(path, RETAIL_FILE);
  return { rows: readRows(records), bytes, bytesRead };
}

async function* readRows(records: AsyncIterable<CsvRecord>): AsyncGenerator<RetailRow | undefined> {
  let layout: Layout | undefined;
  for await (const { values } of records) {
    if (layout === undefined) layout = readHeader(values);
    else yield rowOf(values, layout);
  }
  if (layout === undefined) throw wrongLayout('the file is empty');
}

function wrongLayout(message: string): Fault {
  return new Fault('replay-file-layout', message, { retry: 'operator' });
}

type Layout = Readonly<Record<keyof RetailRow, number>> & { readonly width: number };

function readHeader(header: readonly string[]): Layout {
  const position = (column: keyof RetailRow) => {
    const found = header.findIndex((name) => COLUMNS[column].includes(name));
    if (found < 0) {
      throw wrongLayout(`the file has no column ${COLUMNS[column].join(' or ')}`);
    }
    return found;
  };
  return {
    width: header.length,
    invoice: position('invoice'),
    stockCode: position('stockCode'),
    description: position('description'),
    quantity: position('quantity'),
    date: position('date'),
    price: position('price'),
    customer: position('customer'),
    country: position('country'),
  };
}

function rowOf(record: readonly string[], layout: Layout): RetailRow | undefined {
  if (record.length !== layout.width) return undefined;
  const text = (column: keyof RetailRow) => record[layout[column]] ?? '';
  return {
    invoice: text('invoice'),
    stockCode: text('stockCode'),
    description: text('description'),
    quantity: text('quantity'),
    date: text('date'),
    price: text('price'),
    customer: text('customer'),
    country: text('country'),
  };
}
