import type { AuditRow } from '../../ops/audit/chain.ts';
import { failPoint } from '../../workers/fail-point.ts';
import type { AccessStore, MirrorPosition } from '../access/access-store.ts';
import type { ClickHouse } from '../clickhouse/client.ts';
import { Fault } from '../fault.ts';

/** How often is looked for new rows; other processes write the list as well. */
const LOOK_MS = 1_000;
/** Rows of one insert. */
const ROWS_MAX = 1_000;
const BACK_OFF_MS_MAX = 60_000;
/** How long a stop waits for ClickHouse; the next start sends the rest. */
const STOP_MS = 5_000;

export interface AuditMirrorOptions {
  readonly store: AccessStore;
  readonly clickhouse: ClickHouse;
  /** Whether the tables are there: the sink makes them. */
  readonly ready: () => boolean;
  readonly onError: (error: unknown) => void;
  /** Told after each look how many rows are not known to have arrived. */
  readonly onBehind?: (rows: number) => void;
}

/**
 * Copies the audit list into ClickHouse, each row once. As the sink of the ledger does it: the
 * rows of an insert are written down before it is sent, and are sent under a name of their own
 * until they have arrived. Nobody waits for it, and what was changed there is not mended: `audit
 * verify` tells.
 */
export class AuditMirror {
  readonly #options: AuditMirrorOptions;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopping = false;
  #failures = 0;
  #isCompared = false;

  constructor(options: AuditMirrorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#plan(0);
  }

  /** Sends what is left, if it can, and stops. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    const deadline = setTimeout(() => this.#stop.abort(), STOP_MS);
    await this.#running;
    if (this.#failures === 0) await this.#look();
    clearTimeout(deadline);
  }

  /** Rows that are not known to have arrived. */
  get behind(): number {
    const { store } = this.#options;
    return store.head().sequence - store.mirror().sent;
  }

  #plan(delay: number): void {
    if (this.#isStopping) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#look().finally(() => {
        this.#options.onBehind?.(this.behind);
        this.#plan(this.#pause());
      });
    }, delay);
    this.#timer.unref();
  }

  #pause(): number {
    return Math.min(BACK_OFF_MS_MAX, LOOK_MS * 2 ** Math.min(this.#failures, 16));
  }

  async #look(): Promise<void> {
    if (!this.#options.ready()) return;
    try {
      await this.sendAll();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#isCompared = false;
      this.#options.onError(error);
    }
  }

  /** Sends every row there is. Whoever repeats it after a failure sends nothing twice. */
  async sendAll(): Promise<void> {
    const { store } = this.#options;
    await this.#compare();
    for (;;) {
      const position = store.mirror();
      const pending = position.pending ?? (await this.#begin(position));
      if (pending === undefined) return;
      failPoint('audit-bounded');
      await this.#send(position.generation, pending);
      failPoint('audit-sent');
      await store.keepMirror({ ...store.mirror(), sent: pending.last, pending: undefined });
    }
  }

  /** Once a connection: it may be an empty ClickHouse, or one with somebody else's list. */
  async #compare(): Promise<void> {
    if (this.#isCompared) return;
    const { store, clickhouse } = this.#options;
    const [row] = await clickhouse.rows('SELECT count() AS count FROM audit');
    const position = store.mirror();
    const isEmpty = Number(row?.['count'] ?? 0) === 0;
    if (isEmpty && position.sent > 0) {
      const generation = position.generation + 1;
      await store.keepMirror({ sent: 0, pending: undefined, generation });
    } else if (!isEmpty && position.sent === 0 && position.pending === undefined) {
      const message = 'ClickHouse holds the audit list of another data directory';
      const facts = { hint: 'empty the table `audit`, or name another database' };
      throw new Fault('audit-mirror-foreign', message, { retry: 'operator', facts });
    }
    this.#isCompared = true;
  }

  async #begin(position: MirrorPosition): Promise<MirrorPosition['pending']> {
    const { store } = this.#options;
    const head = store.head().sequence;
    if (head <= position.sent) return undefined;
    const pending = { first: position.sent + 1, last: Math.min(head, position.sent + ROWS_MAX) };
    await store.keepMirror({ ...position, pending });
    return pending;
  }

  async #send(
    generation: number,
    { first, last }: NonNullable<MirrorPosition['pending']>,
  ): Promise<void> {
    const { store, clickhouse } = this.#options;
    const rows = [];
    for (const row of store.rows(first)) {
      if (row.sequence > last) break;
      rows.push(mirrored(row));
    }
    const token = `audit-${generation}-${first}-${last}`;
    await clickhouse.insertRows({ table: 'audit', rows, token, signal: this.#stop.signal });
  }
}

function mirrored({ detail, previousHash, at, ...row }: AuditRow) {
  return {
    ...row,
    // As ClickHouse reads an instant with milliseconds, whatever its settings are.
    at: new Date(at).toISOString().slice(0, -1).replace('T', ' '),
    detail: JSON.stringify(detail),
    previous_hash: previousHash,
  };
}
