import { setTimeout as sleep } from 'node:timers/promises';
import type { FormattedRows } from '../../core/layout/rows/row-formatter.ts';
import { ROW_TABLES } from '../../core/layout/rows/table.ts';
import { failPoint } from '../../workers/fail-point.ts';
import { Fault, messageOf } from '../fault.ts';
import type { ClickHouseTarget } from './clickhouse-target.ts';
import { advanced, cutBlock, type Positions, recordsBetween } from './cut-block.ts';
import { Lag } from './lag.ts';
import { type LedgerRange, type LedgerTail, recordsIn } from './ledger-tail.ts';
import { DROP, reconcile, TOO_FAR_BEHIND } from './reconcile.ts';
import type { SinkBlock, SinkState } from './sink-state.ts';
import type { SinkStatus } from './sink-status.ts';

export interface SinkLimits {
  /** A block waits for this many records … */
  readonly recordsWanted: number;
  /** … or for this long after its first record, whichever comes first. */
  readonly waitMs: number;
  /** Most records of a block. */
  readonly recordsMax: number;
  /** Most bytes of a block over all tables; one record alone may be larger. */
  readonly bytesMax: number;
  readonly backOffMsMin: number;
  readonly backOffMsMax: number;
}

/**
 * At full load a block is some two seconds of traffic: about 130,000 rows and 16 MB, few enough
 * parts for ClickHouse and fresh enough for a dashboard. Two of them are in memory at a time.
 */
export const SINK_LIMITS: SinkLimits = {
  recordsWanted: 10_000,
  waitMs: 500,
  recordsMax: 10_000,
  bytesMax: 40 * 2 ** 20,
  backOffMsMin: 100,
  backOffMsMax: 15_000,
};

export interface SinkOptions {
  readonly tail: LedgerTail;
  readonly state: SinkState;
  readonly target: ClickHouseTarget;
  readonly limits?: Partial<SinkLimits>;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** An attempt failed and will be repeated. */
  readonly onRetry?: (fault: Fault, attempt: number) => void;
  /** The sink stopped for good, because a person has to decide. */
  readonly onRefused?: (fault: Fault) => void;
}

/**
 * Follows the ledger into ClickHouse, exactly once. One block at a time: cut it, write its
 * boundaries down, send it, move the cursor. Whatever fails is repeated with the identical block
 * until it works; meanwhile nothing but the cursor stands still.
 */
export class ClickHouseSink {
  readonly #options: SinkOptions;
  readonly #limits: SinkLimits;
  readonly #now: () => number;
  readonly #lag = new Lag();
  /** Ends waits early: the ledger grew, or the sink is to stop. */
  #alarm = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  #draining = false;
  #loop: Promise<void> | undefined;
  #forget = () => {};
  /** Of the block in hand, so that a retry sends the very same bytes. */
  #rows: { readonly block: SinkBlock; readonly rows: FormattedRows } | undefined;
  /** The block after that, where it was formatted while the one before was on its way. */
  #ahead: { readonly from: Positions; readonly cut: Promise<Cut | undefined> } | undefined;
  #counters = { blocks: 0, records: 0, rows: 0, bytes: 0, retries: 0, rewinds: 0, rebuilds: 0 };
  #lastError: string | undefined;
  #connected = false;
  #refused: Fault | undefined;

  constructor(options: SinkOptions) {
    this.#options = options;
    this.#limits = { ...SINK_LIMITS, ...options.limits };
    this.#now = options.now ?? (() => performance.now());
  }

  /** Starts to follow. Returns at once: ClickHouse may be down for hours. */
  start(): void {
    this.#observe();
    this.#forget = this.#options.tail.onAdvance(() => {
      this.#observe();
      this.#ring();
    });
    this.#loop = this.#run();
  }

  /**
   * Stops. With `drainMs` it goes on until everything durable is in ClickHouse or that time is
   * over. A block in flight is abandoned after that and sent again by the next start.
   */
  async stop({ drainMs = 0 }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#draining = true;
    this.#ring();
    const deadline = AbortSignal.timeout(drainMs);
    const finished = this.#loop ?? Promise.resolve();
    deadline.addEventListener('abort', () => this.#stopNow());
    if (drainMs === 0) this.#stopNow();
    await finished;
    this.#forget();
  }

  status(): SinkStatus {
    const { state, tail } = this.#options;
    const { generation, block, cursor } = state.position;
    const lagRecords = recordsBetween(cursor, tail.heads());
    return {
      generation,
      block,
      cursor,
      lagRecords,
      lagSeconds: lagRecords === 0 ? 0 : this.#lag.seconds(total(cursor), this.#now()),
      connected: this.#connected,
      lastError: this.#lastError,
      refused: this.#refused,
      ...this.#counters,
    };
  }

  #stopNow(): void {
    this.#abort.abort();
    this.#ring();
  }

  async #run(): Promise<void> {
    for (let attempt = 0; !this.#abort.signal.aborted; ) {
      try {
        if (this.#draining && this.#caughtUp()) return;
        if (!this.#connected) await this.#connect();
        await this.#sendNext();
        attempt = 0;
        this.#lastError = undefined;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (error === this.#refused) return;
        attempt += 1;
        await this.#backOff(error, attempt);
      }
    }
  }

  /** Before every block, because it may be another ClickHouse than it was. */
  async #connect(): Promise<void> {
    const { state, target } = this.#options;
    if (this.#connected && (await target.holdsUpTo(state.position))) return;
    this.#refuseShorterLedger();
    const remote = await target.prepare();
    const { generation, block } = state.position;
    const hasPending = state.pending() !== undefined;
    const local = { deployment: state.deployment, generation, block, hasPending };
    const found = reconcile(local, remote);
    if (found.kind === 'refuse') throw this.#refuse(found.fault);
    if (found.kind === 'rewind') await this.#rewind(found.block);
    if (found.kind === 'rebuild') {
      await state.rebuild();
      this.#counters.rebuilds += 1;
    }
    this.#connected = true;
  }

  /** A ledger restored from a backup would give the sequences that were sent to other records. */
  #refuseShorterLedger(): void {
    const { state, tail } = this.#options;
    const heads = tail.heads();
    for (const [partition, sent] of state.position.cursor) {
      const head = heads.get(partition) ?? 0;
      if (head >= sent) continue;
      const message = `ClickHouse holds more of partition ${partition} than the ledger; ${DROP}`;
      const facts = { partition, sent, ledger: head };
      throw this.#refuse(new Fault('ledger-behind-sink', message, { retry: 'operator', facts }));
    }
  }

  async #rewind(block: number): Promise<void> {
    const { state } = this.#options;
    const from = state.position.block;
    if (!(await state.rewind(block))) {
      const facts = { clickhouse: block, sink: from };
      const details = { retry: 'operator', facts } as const;
      throw this.#refuse(new Fault('clickhouse-too-far-behind', TOO_FAR_BEHIND, details));
    }
    this.#counters.rewinds += 1;
  }

  #refuse(fault: Fault): Fault {
    this.#refused = fault;
    this.#lastError = fault.message;
    this.#options.onRefused?.(fault);
    return fault;
  }

  /** Waits for a block to send and sends it. */
  async #sendNext(): Promise<void> {
    const { state, target } = this.#options;
    if (state.pending() === undefined) await this.#blockIsDue();
    if (this.#abort.signal.aborted || this.#caughtUp()) return;
    await this.#connect();
    const pending = state.pending();
    const ready = pending === undefined ? await this.#cut() : await this.#again(pending);
    if (ready === undefined) return;

    this.#rows = ready;
    const { block, rows } = ready;
    failPoint('sink-bounded');
    this.#formatAhead(block);
    await target.send(block, rows, this.#abort.signal);
    failPoint('sink-sent');
    await state.finish(block);
    failPoint('sink-advanced');
    this.#rows = undefined;
    this.#count(block, rows);
    release(rows);
  }

  /** Formats the next block first and writes its boundaries down when its size is known. */
  async #cut(): Promise<Ready | undefined> {
    const { state } = this.#options;
    const cut = (await this.#takeAhead()) ?? (await this.#format(state.position.cursor));
    return cut && { block: await state.begin(cut.ranges), rows: cut.rows };
  }

  /** The rows of what lies behind a cursor, as much of it as a block may hold. */
  async #format(cursor: Positions): Promise<Cut | undefined> {
    const { tail } = this.#options;
    let records = this.#limits.recordsMax;
    for (;;) {
      const ranges = cutBlock(cursor, tail.heads(), records);
      if (ranges.length === 0) return undefined;
      const rows = await tail.format(ranges, { presses: this.#isBehind(cursor) });
      const cut = recordsIn(ranges);
      if (cut === 1 || bytesOf(rows) <= this.#limits.bytesMax) return { ranges, rows };
      release(rows);
      records = Math.ceil(cut / 2);
    }
  }

  /** More than a block waits behind a cursor. */
  #isBehind(cursor: Positions): boolean {
    const waiting = recordsBetween(cursor, this.#options.tail.heads());
    return this.#draining || waiting >= this.#limits.recordsWanted;
  }

  /** While a block is on its way, the next one is formatted, if the sink is behind. */
  #formatAhead({ ranges }: SinkBlock): void {
    const from = advanced(this.#options.state.position.cursor, ranges);
    if (this.#ahead || !this.#isBehind(from)) return;
    // Whatever is wrong shows again when the block is cut.
    this.#ahead = { from, cut: this.#format(from).catch(() => undefined) };
  }

  /** What was formatted ahead, unless ClickHouse turned out to be elsewhere. */
  async #takeAhead(): Promise<Cut | undefined> {
    const ahead = this.#ahead;
    if (ahead === undefined) return undefined;
    this.#ahead = undefined;
    const cut = await ahead.cut;
    if (cut === undefined || isSame(ahead.from, this.#options.state.position.cursor)) return cut;
    release(cut.rows);
    return undefined;
  }

  async #again(block: SinkBlock): Promise<Ready> {
    const kept = this.#rows;
    if (kept?.block.number === block.number && kept.block.generation === block.generation) {
      return kept;
    }
    // One at a time: what was begun ahead is finished, and kept for when it is asked for.
    await this.#ahead?.cut;
    return { block, rows: await this.#options.tail.format(block.ranges, { presses: true }) };
  }

  /** Waits until there are enough records, or the first of them has waited long enough. */
  async #blockIsDue(): Promise<void> {
    const { state, tail } = this.#options;
    let since: number | undefined;
    while (!this.#draining) {
      const waiting = recordsBetween(state.position.cursor, tail.heads());
      if (waiting >= this.#limits.recordsWanted) return;
      if (waiting > 0) since ??= this.#now();
      const left = since === undefined ? undefined : since + this.#limits.waitMs - this.#now();
      if (left !== undefined && left <= 0) return;
      await this.#wait(left);
    }
  }

  #caughtUp(): boolean {
    const { state, tail } = this.#options;
    const { cursor } = state.position;
    return state.pending() === undefined && recordsBetween(cursor, tail.heads()) === 0;
  }

  async #backOff(error: unknown, attempt: number): Promise<void> {
    const fault = asFault(error);
    this.#connected = false;
    this.#lastError = fault.message;
    this.#counters.retries += 1;
    this.#options.onRetry?.(fault, attempt);
    const { backOffMsMin, backOffMsMax } = this.#limits;
    const until = this.#now() + Math.min(backOffMsMax, backOffMsMin * 2 ** Math.min(attempt, 16));
    // The ledger's advances must not shorten this wait, only the order to stop.
    while (!this.#abort.signal.aborted && this.#now() < until) {
      await this.#wait(until - this.#now());
    }
  }

  /** Resolves after a time or at the next alarm. */
  async #wait(ms: number | undefined): Promise<void> {
    const alarm = this.#alarm.promise;
    if (ms === undefined) return alarm;
    const timer = new AbortController();
    const timeout = sleep(Math.ceil(ms), undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([alarm, timeout]);
    timer.abort();
  }

  #ring(): void {
    this.#alarm.resolve();
    this.#alarm = Promise.withResolvers();
  }

  #observe(): void {
    this.#lag.observe(total(this.#options.tail.heads()), this.#now());
  }

  #count({ ranges }: SinkBlock, rows: FormattedRows): void {
    this.#counters.blocks += 1;
    this.#counters.records += recordsIn(ranges);
    this.#counters.bytes += bytesOf(rows);
    for (const table of ROW_TABLES) this.#counters.rows += rows.rows[table];
  }
}

interface Ready {
  readonly block: SinkBlock;
  readonly rows: FormattedRows;
}

/** A block before it is written down. */
interface Cut {
  readonly ranges: readonly LedgerRange[];
  readonly rows: FormattedRows;
}

function isSame(one: Positions, other: Positions): boolean {
  return one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
}

function bytesOf({ bytes }: FormattedRows): number {
  return ROW_TABLES.reduce((size, table) => size + bytes[table].length, 0);
}

/**
 * Frees the memory of rows that nobody needs any more. They are megabytes a second, and the
 * collector counts them against a small heap: left to it, it would run all the time.
 */
function release({ bytes }: FormattedRows): void {
  for (const table of ROW_TABLES) {
    const { buffer } = bytes[table];
    if (!buffer.detached) buffer.transfer(0);
  }
}

function total(positions: ReadonlyMap<number, number>): number {
  let records = 0;
  for (const sequence of positions.values()) records += sequence;
  return records;
}

function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const details = { retry: 'after-backoff', cause: error } as const;
  return new Fault('sink-failed', `the sink failed: ${messageOf(error)}`, details);
}
