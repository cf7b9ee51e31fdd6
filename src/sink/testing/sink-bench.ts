import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { must } from '../../../core/assert.ts';
import { ROW_TABLES, type RowTable } from '../../../core/layout/rows/table.ts';
import { ClickHouse, type Row } from '../../clickhouse/client.ts';
import type { Fault } from '../../fault.ts';
import { ClickHouseTarget } from '../clickhouse-target.ts';
import { ClickHouseSink, type SinkLimits } from '../sink.ts';
import { SinkState } from '../sink-state.ts';
import { type Difference, verifyClickHouse } from '../verify-clickhouse.ts';
import { GeneratedTail } from './generated-tail.ts';
import { replayActivity } from './replay-activity.ts';

export interface SinkBenchOptions {
  readonly url: string;
  readonly database: string;
  readonly stateFolder: string;
  readonly seed: number;
}

const DEPLOYMENT = 'd-1';
/** More than any outage of the tests takes; then something is wrong and the test says what. */
const RETRIES_MAX = 200;
const NEVER_ABORTED = new AbortController().signal;
const QUICK: Partial<SinkLimits> = { waitMs: 20, backOffMsMin: 10, backOffMsMax: 200 };

/** A sink with everything around it, and the questions that tests ask. */
export class SinkBench {
  readonly tail: GeneratedTail;
  readonly clickhouse: ClickHouse;
  readonly target: ClickHouseTarget;
  readonly #options: SinkBenchOptions;
  #state: SinkState;
  #sink: ClickHouseSink | undefined;
  #refused = Promise.withResolvers<Fault>();
  #closed = false;

  constructor(options: SinkBenchOptions) {
    this.#options = options;
    this.tail = new GeneratedTail({ seed: options.seed });
    const { url, database } = options;
    this.clickhouse = new ClickHouse({ url, user: 'default', password: '', database });
    this.target = new ClickHouseTarget(this.clickhouse, DEPLOYMENT);
    this.#state = this.#openState();
  }

  get sink(): ClickHouseSink {
    return must(this.#sink, 'the sink was started');
  }

  get state(): SinkState {
    return this.#state;
  }

  startSink(limits: Partial<SinkLimits> = {}): void {
    const { tail, target } = this;
    this.#sink = new ClickHouseSink({
      tail,
      target,
      state: this.#state,
      limits: { ...QUICK, ...limits },
      onRefused: (fault) => this.#refused.resolve(fault),
    });
    this.#sink.start();
  }

  async stopSink(drainMs = 0): Promise<void> {
    await this.#sink?.stop({ drainMs });
  }

  refused(): Promise<Fault> {
    return this.#refused.promise;
  }

  caughtUp(): Promise<void> {
    return this.#until(() => this.sink.status().lagRecords === 0);
  }

  /** Waits until so many records have gone to ClickHouse. */
  stored(records: number): Promise<void> {
    return this.#until(() => this.sink.status().records >= records);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      const { retries, lastError } = this.sink.status();
      if (retries > RETRIES_MAX) throw new Error(lastError);
      await sleep(10);
    }
  }

  async untilRetries(count: number): Promise<void> {
    while (this.sink.status().retries < count) await sleep(10);
  }

  /** As after a crash: the state is read from its folder again. */
  async reopenState(): Promise<void> {
    await this.#state.close();
    this.#state = this.#openState();
  }

  /** As after losing the data directory. */
  async forgetState(): Promise<void> {
    await this.stopSink();
    await this.#state.close();
    rmSync(this.#options.stateFolder, { recursive: true, force: true });
    this.#state = this.#openState();
  }

  /** Sends the block that was written down last, without the sink. */
  async sendPending(): Promise<void> {
    const block = must(this.#state.pending(), 'a block is pending');
    await this.target.send(block, await this.tail.format(block.ranges), NEVER_ABORTED);
    this.#state.finish(block);
  }

  /** Inserts some tables of the pending block, as a sink that died in the middle did. */
  async insertOnly(tables: readonly RowTable[]): Promise<void> {
    const block = must(this.#state.pending(), 'a block is pending');
    const { bytes } = await this.tail.format(block.ranges);
    for (const table of tables) {
      const token = `${DEPLOYMENT}.${block.generation}:${table}:${block.number}`;
      await this.clickhouse.insert({ table, bytes: bytes[table], token });
    }
  }

  differences(): Promise<readonly Difference[]> {
    return verifyClickHouse(this.clickhouse, this.tail.totals());
  }

  /** Every key and figure of the activity against a replay of the ledger in plain code. */
  async activityDifferences(): Promise<readonly unknown[]> {
    const expected = replayActivity(this.tail.records());
    const found = await this.clickhouse.rows('SELECT * FROM activity_by_minute');
    const differences: unknown[] = [];
    for (const row of found) {
      const { key, figures } = keyed(row);
      const wanted = expected.get(key) ?? {};
      expected.delete(key);
      for (const [figure, value] of Object.entries(figures)) {
        if (BigInt(value) !== (wanted[figure] ?? 0n)) {
          differences.push({ key, figure, found: value, expected: String(wanted[figure] ?? 0n) });
        }
      }
    }
    for (const [key, figures] of expected) {
      if (Object.values(figures).some((value) => value !== 0n)) differences.push({ missing: key });
    }
    return differences;
  }

  /** A digest of everything the tables hold. */
  async fingerprint(): Promise<readonly Row[]> {
    const parts = ROW_TABLES.map(
      (table) =>
        `SELECT '${table}' AS name, count() AS rows, sum(cityHash64(*)) AS hash FROM ${table}`,
    );
    parts.push(
      `SELECT 'activity' AS name, count() AS rows, sum(cityHash64(*)) AS hash FROM activity_by_minute`,
    );
    return this.clickhouse.rows(`SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY name`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.stopSink();
    await this.clickhouse.close();
    await this.#state.close();
  }

  #openState(): SinkState {
    return new SinkState({ path: this.#options.stateFolder, deployment: DEPLOYMENT });
  }
}

const KEYS = [
  'minute',
  'region',
  'country',
  'partner',
  'currency',
  'promotion',
  'point_type',
  'rule_set',
];

function keyed(row: Row): { readonly key: string; readonly figures: Row } {
  const key = KEYS.map((name) => row[name]).join('|');
  const figures = Object.fromEntries(Object.entries(row).filter(([name]) => !KEYS.includes(name)));
  return { key, figures };
}
