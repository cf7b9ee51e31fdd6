/**
 * The one file that touches `chdb`. Every request gets a connection of its own to the one data
 * directory, so that settings, `USE`, parameters and temporary tables of one request never reach
 * another (trap T18); a named HTTP session keeps its connection between requests.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault, messageOf } from '../fault.ts';

export type EngineOptions = {
  readonly dataDirectory: string;
  /** Command line arguments of the engine: settings and the configuration file. */
  readonly arguments: readonly string[];
};

export type QueryAnswer = {
  readonly bytes: Uint8Array;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly seconds: number;
};

export type InsertAnswer = {
  readonly rowsWritten: number;
  readonly bytesWritten: number;
  readonly seconds: number;
};

/** A connection with its own settings and temporary tables. One statement at a time. */
export type Connection = {
  query(sql: string, format: string): Promise<QueryAnswer>;
  /** Runs an INSERT whose rows follow as bytes; the engine parses them off this thread. */
  insert(sql: string, rows: Buffer): Promise<InsertAnswer>;
  close(): void;
};

export type Engine = {
  readonly version: string;
  connect(): Connection;
  /** Waits for what still runs, then lets go of the data directory. */
  close(): Promise<void>;
};

/** What we use of chdb; its own declarations do not cover the raw insert with a free statement. */
type NativeHandle = { readonly handle: unique symbol };
type Native = {
  InsertRawAsyncConnection(
    connection: NativeHandle,
    statement: string,
    rows: Buffer,
    countLines: boolean,
  ): Promise<{ elapsed: number; rowsWritten: number; bytesWritten: number }>;
};
type NativeResult = {
  bytes(): Uint8Array;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsed: number;
};
type NativeSession = {
  readonly connection: NativeHandle;
  queryAsync(sql: string, options: { format: string }): Promise<NativeResult>;
  query(sql: string, format: string): string;
  close(): void;
};
type Chdb = {
  readonly Session: new (path: string, options: { connectionArgs: string[] }) => NativeSession;
  drainPending(): Promise<void>;
};

function loadChdb(): { readonly chdb: Chdb; readonly native: Native } {
  const require = createRequire(import.meta.url);
  try {
    const entry = require.resolve('chdb');
    const chdb: Chdb = require(entry);
    // The public insert wants a bare table name; the addon takes any statement before the bytes.
    const loader: { loadNative(): Native } = require(join(dirname(entry), 'dist', 'loader.js'));
    return { chdb, native: loader.loadNative() };
  } catch (cause) {
    const platform = `${process.platform}-${process.arch}`;
    const message =
      `the npm package \`chdb\` cannot be loaded on ${platform}: ` +
      'run `npm ci`, or configure the URL of a ClickHouse server';
    throw new Fault('embedded-clickhouse-missing', message, {
      retry: 'operator',
      facts: { reason: messageOf(cause) },
      cause,
    });
  }
}

/** Opens the engine on a data directory. One engine a process, one process a directory. */
export function openEngine(options: EngineOptions): Engine {
  const { chdb, native } = loadChdb();
  const open = () =>
    new chdb.Session(options.dataDirectory, { connectionArgs: [...options.arguments] });
  // This connection keeps the engine alive while requests come and go.
  const keeper = open();
  return {
    version: keeper.query('SELECT version()', 'TSVRaw').trim(),
    connect: () => connectionOver(open(), native),
    async close() {
      await chdb.drainPending();
      keeper.close();
      await chdb.drainPending();
    },
  };
}

function connectionOver(session: NativeSession, native: Native): Connection {
  return {
    async query(sql, format) {
      const answer = await session.queryAsync(sql, { format });
      return {
        bytes: answer.bytes(),
        rowsRead: answer.rowsRead,
        bytesRead: answer.bytesRead,
        seconds: answer.elapsed,
      };
    },
    async insert(sql, rows) {
      const answer = await native.InsertRawAsyncConnection(session.connection, sql, rows, false);
      return {
        rowsWritten: answer.rowsWritten,
        bytesWritten: answer.bytesWritten,
        seconds: answer.elapsed,
      };
    },
    close: () => session.close(),
  };
}
