import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type Contestant, expiryOf, MEMBERS, memberName, type Post } from './contestant.ts';
import { type Posted, readPosts, readResults, writeAnswer } from './peer.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE postings (id TEXT PRIMARY KEY, member TEXT, points INTEGER,
    before INTEGER, after INTEGER) WITHOUT ROWID;
  CREATE TABLE entries (posting TEXT, account TEXT, amount INTEGER, balance INTEGER);
  CREATE TABLE accounts (member TEXT PRIMARY KEY, balance INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE lots (member TEXT, expires INTEGER, points INTEGER,
    PRIMARY KEY (member, expires)) WITHOUT ROWID;
`;

/**
 * SQLite as Node brings it: write-ahead log, a full sync at every commit, and a batch as one
 * transaction of prepared statements.
 */
export function openSqlite(folder: string): Contestant {
  const database = new DatabaseSync(join(folder, 'ledger.sqlite'));
  database.exec(SCHEMA);
  const ledger = new SqliteLedger(database);
  ledger.enrol();
  return {
    name: 'SQLite (`node:sqlite`)',
    post: (messages) => {
      const at = Date.now();
      database.exec('BEGIN IMMEDIATE');
      const posted = messages.map((message) =>
        readPosts(message).map((post) => ledger.post(post, at)),
      );
      database.exec('COMMIT');
      return posted.map(writeAnswer);
    },
    resultsOf: readResults,
    totals: () => {
      const row = database.prepare(TOTALS).get();
      return { postings: Number(row?.['postings']), points: Number(row?.['points']) };
    },
    close: () => database.close(),
  };
}

const TOTALS = `SELECT (SELECT count(*) FROM postings) AS postings,
  (SELECT sum(balance) FROM accounts) AS points, (SELECT sum(points) FROM lots) AS held`;

/** The statements of a posting, prepared once. */
class SqliteLedger {
  readonly #database: DatabaseSync;
  readonly #known: StatementSync;
  readonly #move: StatementSync;
  readonly #claim: StatementSync;
  readonly #enter: StatementSync;
  readonly #credit: StatementSync;
  readonly #lots: StatementSync;
  readonly #keep: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const prepared = (text: string): StatementSync => {
      const statement = database.prepare(text);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#known = prepared('SELECT member, points, before, after FROM postings WHERE id = ?');
    this.#move = prepared(
      `UPDATE accounts SET balance = balance + ?1
      WHERE member = ?2 AND balance + ?1 >= 0 RETURNING balance`,
    );
    this.#claim = prepared('INSERT INTO postings VALUES (?, ?, ?, ?, ?)');
    this.#enter = prepared('INSERT INTO entries VALUES (?1, ?2, ?3, NULL), (?1, ?4, ?5, ?6)');
    this.#credit = prepared(
      `INSERT INTO lots VALUES (?, ?, ?)
      ON CONFLICT (member, expires) DO UPDATE SET points = points + excluded.points`,
    );
    this.#lots = prepared('SELECT expires, points FROM lots WHERE member = ? ORDER BY expires');
    this.#keep = prepared('UPDATE lots SET points = ? WHERE member = ? AND expires = ?');
  }

  enrol(): void {
    const enrol = this.#database.prepare('INSERT INTO accounts VALUES (?, 0)');
    this.#database.exec('BEGIN');
    for (let index = 0; index < MEMBERS; index += 1) enrol.run(memberName(index));
    this.#database.exec('COMMIT');
  }

  post({ id, member, points }: Post, at: number): Posted {
    const known = row(this.#known, id);
    if (known) {
      const [itsMember, itsPoints, before, after] = known;
      const isSame = itsMember === member && itsPoints === points;
      if (!isSame) return { id, status: 'conflict', before: null, after: null };
      return { id, status: 'exists', before: Number(before), after: Number(after) };
    }
    const moved = row(this.#move, points, member);
    if (!moved) return { id, status: 'refused', before: null, after: null };
    const after = Number(moved[0]);
    const before = after - points;
    this.#claim.run(id, member, points, before, after);
    this.#enter.run(id, 'adjustment', -points, `member:${member}`, points, after);
    if (points > 0) this.#credit.run(member, expiryOf(at), points);
    else this.#spend(member, -points);
    return { id, status: 'done', before, after };
  }

  #spend(member: string, points: number): void {
    let left = points;
    for (const lot of rows(this.#lots, member)) {
      const [expires = null, held] = lot;
      const taken = Math.min(left, Number(held));
      if (taken > 0) this.#keep.run(Number(held) - taken, member, expires);
      left -= taken;
      if (left === 0) return;
    }
    throw new Error('the lots hold less than the balance');
  }
}

type Row = readonly SQLInputValue[];

// With `setReturnArrays` a row is a list of values; the types know of objects only.
function row(statement: StatementSync, ...values: SQLInputValue[]): Row | undefined {
  return statement.get(...values) as unknown as Row | undefined;
}

function rows(statement: StatementSync, ...values: SQLInputValue[]): readonly Row[] {
  return statement.all(...values) as unknown as readonly Row[];
}
