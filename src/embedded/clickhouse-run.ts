import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from './chdb-engine.ts';
import { exception } from './clickhouse-error.ts';
import type { ClickHouseRequest } from './clickhouse-request.ts';
import { readStatement, type Statement } from './statement.ts';

export type Answer = {
  readonly bytes: Uint8Array;
  readonly format: string;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly rowsWritten: number;
  readonly bytesWritten: number;
  readonly seconds: number;
};

/** The head of an INSERT is looked for in this much of a body; its rows may be far longer. */
const INSERT_HEAD_BYTES_MAX = 65_536;

const NOTHING = Buffer.alloc(0);

/** Runs the statements of requests, each on the connection it is given. */
export class StatementRunner {
  readonly #rowsDirectory: string;

  constructor(dataDirectory: string) {
    this.#rowsDirectory = join(dataDirectory, 'rows-in-flight');
    // What a killed process left behind was never answered, so nobody needs it.
    rmSync(this.#rowsDirectory, { recursive: true, force: true });
    mkdirSync(this.#rowsDirectory, { recursive: true });
  }

  run(request: ClickHouseRequest, body: Buffer, connection: Connection): Promise<Answer> {
    const inUrl = readStatement(Buffer.from(request.query).toString('latin1'));
    const run = { request, connection };
    if (inUrl.kind === 'insert-rows') {
      const text = Buffer.from(request.query);
      const rows = inUrl.rowsAt < text.length ? join2(text.subarray(inUrl.rowsAt), body) : body;
      return this.#insertRows(run, { statement: inUrl, text, rows });
    }
    return this.#runText(run, join2(Buffer.from(request.query), body));
  }

  async #runText(run: Run, text: Buffer): Promise<Answer> {
    const statement = readBody(text);
    switch (statement.kind) {
      case 'empty':
        throw exception(62, 'SYNTAX_ERROR', 'Empty query');
      case 'many':
        throw manyStatements(text, statement.at);
      case 'insert-rows':
        return this.#insertRows(run, { statement, text, rows: text.subarray(statement.rowsAt) });
      case 'insert-query':
        return insert(run, text.toString('utf8', 0, statement.end), NOTHING);
      case 'query':
        return query(run, statement, text.toString('utf8', 0, statement.end));
    }
  }

  async #insertRows(run: Run, { statement, text, rows }: InsertRows): Promise<Answer> {
    if (isValues(statement.format)) {
      refuseMoreStatements(rows);
      return insert(run, text.toString('utf8', 0, statement.headEnd), rows);
    }
    // Inline, the engine's parser goes over all rows before they are read, which costs more than
    // reading them, ends them at a blank line, and runs what follows as statements. In a file
    // every byte is data, in any format.
    const file = join(this.#rowsDirectory, randomUUID());
    const before = text.toString('utf8', 0, statement.sourceAt);
    const after = text.toString('utf8', statement.sourceAt, statement.headEnd);
    try {
      await writeFile(file, rows);
      return await insert(run, `${before} FROM INFILE '${file}' ${after}`, NOTHING);
    } finally {
      await rm(file, { force: true });
    }
  }
}

type Run = { readonly request: ClickHouseRequest; readonly connection: Connection };
type InsertRows = {
  readonly statement: Statement & { kind: 'insert-rows' };
  readonly text: Buffer;
  readonly rows: Buffer;
};

function readBody(text: Buffer): Statement {
  const start = readStatement(text.toString('latin1', 0, INSERT_HEAD_BYTES_MAX));
  const whole = text.length <= INSERT_HEAD_BYTES_MAX || start.kind === 'insert-rows';
  return whole ? start : readStatement(text.toString('latin1'));
}

function isValues(format: string): boolean {
  return format.toUpperCase() === 'VALUES';
}

/** The engine reads values up to a semicolon and would run what follows it. */
function refuseMoreStatements(rows: Buffer): void {
  const read = readStatement(rows.toString('latin1'));
  if (read.kind === 'many') throw manyStatements(rows, read.at);
}

function join2(first: Buffer, second: Buffer): Buffer {
  if (first.length === 0) return second;
  return second.length === 0 ? first : Buffer.concat([first, Buffer.from('\n'), second]);
}

function manyStatements(text: Buffer, at: number) {
  const next = text.toString('utf8', at, at + 40);
  const reason = `Multi-statements are not allowed: failed at position ${at}: ${next}`;
  return exception(62, 'SYNTAX_ERROR', reason);
}

async function insert(run: Run, statement: string, rows: Buffer): Promise<Answer> {
  const { request, connection } = run;
  const answer = await connection.insert(request.preamble + statement, rows);
  return { ...answer, bytes: NOTHING, format: request.format, rowsRead: 0, bytesRead: 0 };
}

async function query(
  run: Run,
  statement: Statement & { kind: 'query' },
  text: string,
): Promise<Answer> {
  const { request, connection } = run;
  const answer = await connection.query(request.preamble + text, request.format);
  const format = statement.format ?? request.format;
  return { ...answer, format, rowsWritten: 0, bytesWritten: 0 };
}
