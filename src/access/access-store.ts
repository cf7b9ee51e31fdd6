import { existsSync, mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Area } from '../../ops/access/areas.ts';
import type { Session } from '../../ops/access/sessions.ts';
import type { Token } from '../../ops/access/tokens.ts';
import type { User } from '../../ops/access/users.ts';
import {
  type AuditEvent,
  type AuditRow,
  type ChainHead,
  EMPTY_CHAIN,
  nextRow,
} from '../../ops/audit/chain.ts';
import { requireDisk } from '../../workers/store/room.ts';
import { Fault } from '../fault.ts';

const MAP_BYTES = 2 ** 32;
/** More than a change with its audit row needs. */
const WRITE_BYTES = 1 << 20;
const HEAD = 'head';

/** How far the audit list is copied, and what is on its way. */
export interface MirrorPosition {
  /** The last row that is known to have arrived. */
  readonly sent: number;
  /** Written down before it is sent, so that a repeat sends the very same rows. */
  readonly pending: { readonly first: number; readonly last: number } | undefined;
  /** Counts how often a copy was begun from nothing. */
  readonly generation: number;
}

const NOTHING_SENT: MirrorPosition = { sent: 0, pending: undefined, generation: 1 };

/** How far the books of rule sets are told in the audit list. */
export interface RulesTold {
  readonly version: number;
  readonly act: number;
  /** When that act was: a bucket that was lost counts anew. */
  readonly actAt: string;
  readonly schedule: number;
  /** Edits of the working copy. */
  readonly edit?: number;
  /** Schedules that were waiting when they were told. */
  readonly waiting: readonly number[];
}

export const NO_RULES_TOLD: RulesTold = {
  version: 0,
  act: 0,
  actAt: '',
  schedule: 0,
  waiting: [],
};

/** What is written together with an audit row. */
export interface Change {
  readonly tokens?: readonly Token[];
  readonly users?: readonly User[];
  readonly areas?: readonly Area[];
  readonly sessions?: readonly Session[];
  /** Sessions that end. */
  readonly ended?: readonly Pick<Session, 'id'>[];
  readonly told?: RulesTold;
}

/** What somebody decided while nobody else could write. */
export interface Decided<T> {
  readonly result: T;
  readonly change?: Change;
  /** There is no change without one, except of when a session was last seen. */
  readonly event?: AuditEvent;
}

/**
 * Who may do what, and the audit list. Every change is one fully synced write together with its
 * audit row: there is no change without a row, and no row of a change that did not happen. Several
 * processes may have it open; LMDB lets one write at a time.
 */
export class AccessStore {
  readonly path: string;
  readonly #root: RootDatabase;
  readonly #tokens: Database<Token, string>;
  readonly #users: Database<User, string>;
  readonly #areas: Database<Area, string>;
  readonly #sessions: Database<Session, string>;
  readonly #audit: Database<AuditRow, number>;
  readonly #heads: Database<ChainHead, string>;
  readonly #mirror: Database<MirrorPosition, string>;
  readonly #told: Database<RulesTold, string>;

  /** The store of a deployment that has one. Nobody asks for tokens where there are none. */
  static existing(path: string): AccessStore {
    if (existsSync(path)) return new AccessStore(path);
    throw new Fault('no-access-store', `there are no tokens and no audit list in ${path}`, {
      retry: 'operator',
      facts: { hint: 'name the data folder with --data' },
    });
  }

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.#root = open({
      path,
      noSubdir: false,
      overlappingSync: false,
      mapSize: MAP_BYTES,
      maxDbs: 16,
    });
    this.#tokens = this.#root.openDB('tokens', { encoding: 'json' });
    this.#users = this.#root.openDB('users', { encoding: 'json' });
    this.#areas = this.#root.openDB('areas', { encoding: 'json' });
    this.#sessions = this.#root.openDB('sessions', { encoding: 'json' });
    this.#audit = this.#root.openDB('audit', { encoding: 'json', keyEncoding: 'uint32' });
    this.#heads = this.#root.openDB('heads', { encoding: 'json' });
    this.#told = this.#root.openDB('told', { encoding: 'json' });
    this.#mirror = this.#root.openDB('mirror', { encoding: 'json' });
  }

  token(id: string): Token | undefined {
    return this.#tokens.get(id);
  }

  tokens(): readonly Token[] {
    return [...this.#tokens.getRange({})].map(({ value }) => value);
  }

  user(id: string): User | undefined {
    return this.#users.get(id);
  }

  users(): readonly User[] {
    return [...this.#users.getRange({})].map(({ value }) => value);
  }

  area(name: string): Area | undefined {
    return this.#areas.get(name);
  }

  areas(): readonly Area[] {
    return [...this.#areas.getRange({})].map(({ value }) => value);
  }

  session(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Sessions of one user, or of everybody; also those that are over. */
  sessions(user?: string): readonly Session[] {
    const all = [...this.#sessions.getRange({})].map(({ value }) => value);
    return user === undefined ? all : all.filter((session) => session.user === user);
  }

  /** Keeps a new token, or a changed one, and who did it. */
  putToken(token: Token, event: AuditEvent): void {
    this.decide(() => ({ result: undefined, change: { tokens: [token] }, event }));
  }

  /** Notes what was refused, or done elsewhere. */
  note(event: AuditEvent): void {
    this.decide(() => ({ result: undefined, event }));
  }

  /** What `decide` reads cannot be changed by anybody else before its change is written. */
  decide<T>(decide: () => Decided<T>): T {
    requireDisk(this.path, WRITE_BYTES);
    return this.#root.transactionSync(() => this.#decided(decide()));
  }

  /**
   * The same, durable when it resolves: the fsync is made on another thread, and the one that
   * answers tills goes on. For all that is done while tills are served.
   */
  async decideAside<T>(decide: () => Decided<T>): Promise<T> {
    requireDisk(this.path, WRITE_BYTES);
    return this.#root.transaction(() => this.#decided(decide()));
  }

  /** Notes what is done elsewhere; durable when it resolves. */
  async noteAside(event: AuditEvent): Promise<void> {
    await this.decideAside(() => ({ result: undefined, event }));
  }

  #decided<T>({ result, change, event }: Decided<T>): T {
    if (change) this.#put(change);
    if (event) this.#append(event);
    return result;
  }

  #put({ tokens = [], users = [], areas = [], sessions = [], ended = [], told }: Change): void {
    if (told) void this.#told.put(HEAD, told);
    for (const token of tokens) void this.#tokens.put(token.id, token);
    for (const user of users) void this.#users.put(user.id, user);
    for (const session of sessions) void this.#sessions.put(session.id, session);
    for (const { id } of ended) void this.#sessions.remove(id);
    for (const area of areas) {
      if (area.stores.length > 0) void this.#areas.put(area.name, area);
      else void this.#areas.remove(area.name);
    }
  }

  #append(event: AuditEvent): void {
    const row = nextRow(this.head(), event);
    void this.#audit.put(row.sequence, row);
    void this.#heads.put(HEAD, { sequence: row.sequence, hash: row.hash });
  }

  head(): ChainHead {
    return this.#heads.get(HEAD) ?? EMPTY_CHAIN;
  }

  told(): RulesTold {
    return this.#told.get(HEAD) ?? NO_RULES_TOLD;
  }

  mirror(): MirrorPosition {
    return this.#mirror.get(HEAD) ?? NOTHING_SENT;
  }

  /** Durable when it resolves: what follows relies on it. */
  async keepMirror(position: MirrorPosition): Promise<void> {
    requireDisk(this.path, WRITE_BYTES);
    await this.#root.transaction(() => void this.#mirror.put(HEAD, position));
  }

  /** Rows from a number on, in order. */
  *rows(from = 1): Generator<AuditRow> {
    for (const { value } of this.#audit.getRange({ start: from })) yield value;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
