import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { Fault, messageOf } from '../fault.ts';

/** What a file may look like, and what it is called when it cannot be read. */
export interface CsvKind {
  /** A file with an unclosed quote must not become one huge field. */
  readonly recordCharactersMax: number;
  /** Whether a quote may stand in the middle of a field. */
  readonly looseQuotes: boolean;
  /** The code of the fault. */
  readonly unreadable: string;
}

/** One record with the line of the file on which it ends. */
export interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

export interface OpenCsv {
  readonly records: AsyncIterable<CsvRecord>;
  /** Bytes of the file, and how many of them were read so far. */
  readonly bytes: number;
  readonly bytesRead: () => number;
}

/** Opens a CSV file, packed by gzip or not, and reads it as it is asked for. */
export async function openCsv(path: string, kind: CsvKind): Promise<OpenCsv> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, kind, cause);
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
    info: true,
    relax_column_count: true,
    relax_quotes: kind.looseQuotes,
    skip_empty_lines: true,
    max_record_size: kind.recordCharactersMax,
  });
  const unpack = path.endsWith('.gz') ? [createGunzip()] : [];
  const done = pipeline([createReadStream(path), count, ...unpack, parser]);
  // The parser's own error reaches the reader; this only keeps it from being unhandled.
  done.catch(() => undefined);
  const failed = (cause: unknown): Fault => unreadable(path, kind, cause);
  return { records: readRecords(parser, failed), bytes: size, bytesRead: () => bytesRead };
}

interface Parsed {
  readonly info: { readonly lines: number };
  readonly record: string[];
}

async function* readRecords(
  parsed: AsyncIterable<Parsed>,
  failed: (cause: unknown) => Fault,
): AsyncGenerator<CsvRecord> {
  try {
    for await (const { info, record } of parsed) yield { line: info.lines, values: record };
  } catch (cause) {
    throw failed(cause);
  }
}

function unreadable(path: string, kind: CsvKind, cause: unknown): Fault {
  const message = `cannot read ${path}: ${messageOf(cause)}`;
  return new Fault(kind.unreadable, message, { retry: 'operator', cause });
}
