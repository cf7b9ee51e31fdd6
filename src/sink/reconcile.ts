import { Fault } from '../fault.ts';

/** What the sink knows of itself. */
export interface LocalState {
  readonly deployment: string;
  readonly generation: number;
  readonly block: number;
  /** A block was written down and may have been sent in part or whole. */
  readonly hasPending: boolean;
}

/** What a database says of the blocks it holds. */
export interface RemoteState {
  /** Deployments whose blocks it holds; none when it is new. */
  readonly deployments: readonly string[];
  /** Of the newest block; 0 when there is none. */
  readonly generation: number;
  readonly newest: number;
  /** The last block before the first gap; the newest one when there is no gap. */
  readonly block: number;
  /** Rows in the ledger tables. */
  readonly rows: number;
}

export type Reconciliation =
  | { readonly kind: 'go-on' }
  /** ClickHouse went back: send the blocks behind this one again, as they were. */
  | { readonly kind: 'rewind'; readonly block: number }
  /** ClickHouse is empty: send the whole ledger again. */
  | { readonly kind: 'rebuild' }
  /** Going on would double or lose rows; a person has to decide. */
  | { readonly kind: 'refuse'; readonly fault: Fault };

/** Compares both memories of what was sent. The first row of the ladder that fits decides. */
export function reconcile(local: LocalState, remote: RemoteState): Reconciliation {
  const strangers = remote.deployments.filter((deployment) => deployment !== local.deployment);
  if (strangers.length > 0) {
    return refuse('clickhouse-of-another-deployment', FOREIGN, { local, remote });
  }
  if (remote.deployments.length === 0) return withoutBlocks(local, remote);
  if (remote.generation > local.generation)
    return refuse('clickhouse-ahead', AHEAD, { local, remote });
  if (remote.generation < local.generation) {
    return refuse('clickhouse-of-older-generation', OLDER, { local, remote });
  }
  if (remote.newest > local.block + (local.hasPending ? 1 : 0)) {
    return refuse('clickhouse-ahead', AHEAD, { local, remote });
  }
  return remote.block >= local.block ? { kind: 'go-on' } : { kind: 'rewind', block: remote.block };
}

function withoutBlocks(local: LocalState, remote: RemoteState): Reconciliation {
  // The very first block may have arrived in part: its row in `sink_blocks` is the last insert.
  if (local.block === 0 && (remote.rows === 0 || local.hasPending)) return { kind: 'go-on' };
  if (remote.rows > 0) return refuse('clickhouse-rows-unaccounted', UNACCOUNTED, { local, remote });
  return { kind: 'rebuild' };
}

/** What a person can always do. */
export const DROP = 'drop the database (it is rebuilt from the ledger) or configure another one';
const FOREIGN = `this database mirrors the ledger of another deployment; ${DROP}`;
const AHEAD = `ClickHouse holds blocks that this data directory never sent; was the directory restored from a backup? ${DROP}`;
const OLDER = `ClickHouse came back from before its last rebuild; ${DROP}`;
const UNACCOUNTED = `the tables hold rows that no sink block accounts for; ${DROP}`;
/** Also for boundaries that are no longer kept. */
export const TOO_FAR_BEHIND = `ClickHouse is older than the boundaries that are kept; ${DROP}`;

interface Both {
  readonly local: LocalState;
  readonly remote: RemoteState;
}

function refuse(code: string, message: string, { local, remote }: Both): Reconciliation {
  const facts = { local: { ...local }, remote: { ...remote } };
  return { kind: 'refuse', fault: new Fault(code, message, { retry: 'operator', facts }) };
}
