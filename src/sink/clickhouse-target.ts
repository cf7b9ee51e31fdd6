import type { FormattedRows } from '../../core/layout/rows/row-formatter.ts';
import { ROW_TABLES } from '../../core/layout/rows/table.ts';
import { failPoint } from '../../workers/fail-point.ts';
import type { ClickHouse } from '../clickhouse/client.ts';
import { migrate } from '../clickhouse/migrate.ts';
import type { RemoteState } from './reconcile.ts';
import type { SinkBlock, SinkPosition } from './sink-state.ts';

/** The sink's view of ClickHouse: bring it up to date, ask what it holds, send a block. */
export class ClickHouseTarget {
  readonly #clickhouse: ClickHouse;
  readonly #deployment: string;

  constructor(clickhouse: ClickHouse, deployment: string) {
    this.#clickhouse = clickhouse;
    this.#deployment = deployment;
  }

  /** Creates or migrates the schema, then reads which blocks are there. */
  async prepare(): Promise<RemoteState> {
    await migrate(this.#clickhouse);
    const deployments = await this.#clickhouse.rows('SELECT DISTINCT deployment FROM sink_blocks');
    const counts = ROW_TABLES.map((table) => `(SELECT count() FROM ${table})`).join(' + ');
    const [total] = await this.#clickhouse.rows(`SELECT ${counts} AS rows`);
    const { generation, newest } = await this.#newest();
    return {
      deployments: deployments.map((row) => row['deployment'] ?? ''),
      generation,
      newest,
      block: await this.#lastWithoutGap(generation),
      rows: Number(total?.['rows'] ?? 0),
    };
  }

  /**
   * True while ClickHouse holds just the blocks up to this one. Asked before each block, because
   * a ClickHouse that was stopped, restored and started between two blocks breaks no connection.
   */
  async holdsUpTo({ generation, block }: SinkPosition): Promise<boolean> {
    const found = await this.#newest();
    if (block === 0) return found.count === 0;
    return found.count === block && found.newest === block && found.generation === generation;
  }

  async #newest(): Promise<{ generation: number; newest: number; count: number }> {
    const [row] = await this.#clickhouse.rows(
      `SELECT generation, block, (SELECT count() FROM sink_blocks) AS count
      FROM sink_blocks ORDER BY generation DESC, block DESC LIMIT 1`,
    );
    return {
      generation: Number(row?.['generation'] ?? 0),
      newest: Number(row?.['block'] ?? 0),
      count: Number(row?.['count'] ?? 0),
    };
  }

  /** Blocks are numbered from 1: up to a gap, each is its own place in the order. */
  async #lastWithoutGap(generation: number): Promise<number> {
    const [row] = await this.#clickhouse.rows(
      `SELECT max(block) AS last FROM
        (SELECT block, row_number() OVER (ORDER BY block) AS place FROM
          (SELECT DISTINCT block FROM sink_blocks WHERE generation = ${generation}))
      WHERE block = place`,
    );
    return Number(row?.['last'] ?? 0);
  }

  /**
   * Sends a block, table after table; its row in `sink_blocks` comes last and says that the rest
   * is there. Every insert has a token of its own, so a second call changes nothing.
   */
  async send(block: SinkBlock, rows: FormattedRows, signal: AbortSignal): Promise<void> {
    for (const table of ROW_TABLES) {
      if (rows.rows[table] === 0) continue;
      const token = this.#token(table, block);
      await this.#clickhouse.insert({ table, bytes: rows.bytes[table], token, signal });
      failPoint('sink-table-sent');
    }
    await this.#clickhouse.insertRows({
      table: 'sink_blocks',
      rows: [
        {
          deployment: this.#deployment,
          generation: block.generation,
          block: block.number,
          partitions: block.ranges.map(({ partition }) => partition),
          firsts: block.ranges.map(({ first }) => first),
          lasts: block.ranges.map(({ last }) => last),
          ...rows.rows,
        },
      ],
      token: this.#token('sink_blocks', block),
      signal,
    });
  }

  #token(table: string, { generation, number }: SinkBlock): string {
    return `${this.#deployment}.${generation}:${table}:${number}`;
  }
}
