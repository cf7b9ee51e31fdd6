import type { AuditRow } from '../../ops/audit/chain.ts';
import type { AccessStore } from '../access/access-store.ts';
import type { ClickHouse, Row } from '../clickhouse/client.ts';

/** Rows that are asked for at once. */
const PAGE_ROWS = 10_000;

export type MirrorVerdict =
  | { readonly ok: true; readonly rows: number; readonly behind: number }
  | { readonly ok: false; readonly sequence: number; readonly problem: string };

/**
 * Compares the copy in ClickHouse with the list, row by row and field by field: each may have been
 * changed where the other could not be.
 */
export async function verifyMirror(
  store: AccessStore,
  clickhouse: ClickHouse,
): Promise<MirrorVerdict> {
  // Read first: what had arrived before we look has to be there.
  const { sent } = store.mirror();
  let through = 0;
  for (;;) {
    const page = await pageAfter(clickhouse, through);
    for (const mirror of page) {
      const sequence = through + 1;
      const [row] = store.rows(sequence);
      const problem = row === undefined ? 'is not in the list' : differenceIn(row, mirror);
      if (problem) return { ok: false, sequence, problem: `row ${sequence} ${problem}` };
      through = sequence;
    }
    if (page.length < PAGE_ROWS) break;
  }
  const [counted] = await clickhouse.rows(
    'SELECT count() AS count FROM audit WHERE sequence <= {through: UInt64}',
    { through: String(through) },
  );
  if (Number(counted?.['count']) !== through) {
    const problem = 'ClickHouse holds rows that are not in the list';
    return { ok: false, sequence: through, problem };
  }
  if (through < sent) {
    const sequence = through + 1;
    return { ok: false, sequence, problem: `row ${sequence} is missing in ClickHouse` };
  }
  return { ok: true, rows: through, behind: store.head().sequence - through };
}

async function pageAfter(clickhouse: ClickHouse, sequence: number): Promise<readonly Row[]> {
  return clickhouse.rows(
    `SELECT sequence, toUnixTimestamp64Milli(at) AS at, actor, action, object, outcome, detail,
      previous_hash, hash
    FROM audit WHERE sequence > {sequence: UInt64} ORDER BY sequence LIMIT ${PAGE_ROWS}`,
    { sequence: String(sequence) },
  );
}

function differenceIn(row: AuditRow, mirror: Row): string | undefined {
  const found = Number(mirror['sequence']);
  if (found > row.sequence) return 'is missing in ClickHouse';
  if (found < row.sequence) return 'is in ClickHouse twice';
  const expected: Row = {
    at: String(row.at),
    actor: row.actor,
    action: row.action,
    object: row.object,
    outcome: row.outcome,
    detail: JSON.stringify(row.detail),
    previous_hash: row.previousHash,
    hash: row.hash,
  };
  const different = Object.keys(expected).find((name) => expected[name] !== mirror[name]);
  return different === undefined ? undefined : `differs in ClickHouse, in its ${different}`;
}
