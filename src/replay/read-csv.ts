import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { Fault, messageOf } from '../fault.ts';
import type { RetailRow } from './retail-row.ts';

/** Characters of one CSV record. A file with an unclosed quote must not become one huge field. */
export const RECORD_CHARACTERS_MAX = 100_000;

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

/** Opens a CSV file, packed by gzip or not, and reads it as it is asked for. */
export async function openRetailFile(path: string): Promise<OpenFile> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  let bytesRead = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesRead += chunk.length;
      done(null, chunk);
    },
  });
  const parser = parse({
    bom: true,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: RECORD_CHARACTERS_MAX,
  });
  const unpack = path.endsWith('.gz') ? [createGunzip()] : [];
  const done = pipeline([createReadStream(path), count, ...unpack, parser]);
  // The parser's own error reaches the reader; this only keeps it from being unhandled.
  done.catch(() => undefined);
  return { rows: readRows(parser, path), bytes: size, bytesRead: () => bytesRead };
}

async function* readRows(
  records: AsyncIterable<string[]>,
  path: string,
): AsyncGenerator<RetailRow | undefined> {
  let layout: Layout | undefined;
  try {
    for await (const record of records) {
      if (layout === undefined) layout = readHeader(record);
      else yield rowOf(record, layout);
    }
  } catch (cause) {
    throw cause instanceof Fault ? cause : unreadable(path, cause);
  }
  if (layout === undefined) throw wrongLayout('the file is empty');
}

function unreadable(path: string, cause: unknown): Fault {
  const message = `cannot read ${path}: ${messageOf(cause)}`;
  return new Fault('replay-file-unreadable', message, { retry: 'operator', cause });
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
