import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client';
import { Fault, messageOf } from '../fault.ts';

export interface ClickHouseOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Every value as the text ClickHouse writes, so that 64-bit integers stay exact. */
export type Row = Readonly<Record<string, string>>;

/** What stands in the place of a name in a query; it never becomes a part of the query. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>;

export interface BlockInsert {
  readonly table: string;
  /** One or more `Native` blocks. */
  readonly bytes: Uint8Array;
  /** The same rows under the same token are inserted once, views included. */
  readonly token: string;
  readonly signal?: AbortSignal;
}

export interface RowInsert {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly token: string;
  readonly signal?: AbortSignal;
}

/** A block of the sink takes a fraction of a second; a machine in trouble may take this long. */
const REQUEST_MS_MAX = 120_000;
/** Below the keep-alive of ClickHouse (3 s and more), so that we close an idle socket first. */
const IDLE_SOCKET_MS = 2_000;
/** Inserts go one after the other; a check may ask at the same time. */
const CONNECTIONS_MAX = 4;

/**
 * An insert is one block whatever its size: nothing is parsed in parallel, split or sent on
 * early, because its token names one block (trap T16). The rest keeps the repeat of an insert
 * out of the materialized views (trap T15).
 */
const ONE_BLOCK = {
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  input_format_parallel_parsing: 0,
  max_insert_threads: '1',
  max_insert_block_size: '1000000000',
  min_insert_block_size_rows: '1000000000',
  min_insert_block_size_bytes: '10000000000',
  parallel_view_processing: 0,
  // The views have grouped their rows already; sums are collapsed by merges, not by each insert.
  optimize_on_insert: 0,
  max_partitions_per_insert_block: '0',
} as const;

/** The one way to ClickHouse: HTTP, exact integers, faults that say who must act. */
export class ClickHouse {
  readonly database: string;
  readonly #url: string;
  readonly #client: ClickHouseClient;
  /** Knows no database of ours, to create it. */
  readonly #bare: ClickHouseClient;

  constructor({ url, user, password, database }: ClickHouseOptions) {
    const options = {
      url,
      username: user,
      password,
      request_timeout: REQUEST_MS_MAX,
      // A long answer is waited for; what the client has to say about it is no news here.
      log: { level: ClickHouseLogLevel.OFF },
      max_open_connections: CONNECTIONS_MAX,
      keep_alive: { enabled: true, idle_socket_ttl: IDLE_SOCKET_MS },
    };
    this.#url = url;
    this.database = database;
    this.#client = createClient({ ...options, database });
    this.#bare = createClient(options);
  }

  /** Runs a statement in our database. */
  async command(query: string, parameters: Row = {}): Promise<void> {
    await this.#guarded(query, () =>
      this.#client.command({ query, query_params: { ...parameters } }),
    );
  }

  /** Runs a statement that must not need our database to be there. */
  async commandOutside(query: string): Promise<void> {
    await this.#guarded(query, () => this.#bare.command({ query }));
  }

  async rows(query: string, parameters: Parameters = {}): Promise<readonly Row[]> {
    return this.#guarded(query, async () => {
      const answer = await this.#client.query({
        query,
        query_params: { ...parameters },
        format: 'JSONStringsEachRow',
        clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
      });
      return answer.json<Row>();
    });
  }

  async insert({ table, bytes, token, signal }: BlockInsert): Promise<void> {
    const query = `INSERT INTO ${table} FORMAT Native`;
    await this.#guarded(query, async () => {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const sent = await this.#client.exec({
        query,
        values: Readable.from([body], { objectMode: false }),
        clickhouse_settings: { ...ONE_BLOCK, insert_deduplication_token: token },
        ...(signal && { abort_signal: signal }),
      });
      // Until the answer was read the socket is not free, and an exception may stand in it.
      for await (const _ of sent.stream);
    });
  }

  /** Rows of plain values, for the few tables that are not written by the million. */
  async insertRows({ table, rows, token, signal }: RowInsert): Promise<void> {
    await this.#guarded(`INSERT INTO ${table} FORMAT JSONEachRow`, () =>
      this.#client.insert({
        table,
        values: [...rows],
        format: 'JSONEachRow',
        clickhouse_settings: { ...ONE_BLOCK, insert_deduplication_token: token },
        ...(signal && { abort_signal: signal }),
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.#client.close(), this.#bare.close()]);
  }

  async #guarded<T>(query: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw this.#faultOf(cause, query);
    }
  }

  #faultOf(cause: unknown, query: string): Fault {
    const facts = { url: this.#url, database: this.database, query: query.slice(0, 200) };
    if (cause instanceof ClickHouseError) {
      return new Fault('clickhouse-refused', `ClickHouse refused: ${cause.message}`, {
        retry: 'after-backoff',
        facts: { ...facts, code: cause.code, type: cause.type },
        cause,
      });
    }
    const message = `ClickHouse does not answer: ${messageOf(cause)}`;
    return new Fault('clickhouse-unreachable', message, { retry: 'after-backoff', facts, cause });
  }
}
