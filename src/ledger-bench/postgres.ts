import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contestant, Post } from './contestant.ts';

/** Where Debian's package `postgresql-15` puts the server. */
const BINARIES = '/usr/lib/postgresql/15/bin';
const START_ATTEMPTS = 150;
const ATTEMPT_PAUSE_MILLISECONDS = 100;

/** True when PostgreSQL 15 is here to race against. */
export function hasPostgres(): boolean {
  return existsSync(join(BINARIES, 'postgres')) && existsSync(join(BINARIES, 'psql'));
}

const SCHEMA = `
CREATE TABLE postings (id text PRIMARY KEY, member text, points bigint);
CREATE TABLE entries (posting text, account text, amount bigint);
CREATE TABLE accounts (account text PRIMARY KEY, balance bigint);
PREPARE post(text[], text[], bigint[]) AS
WITH fresh AS (
  INSERT INTO postings SELECT * FROM unnest($1, $2, $3)
  ON CONFLICT (id) DO NOTHING RETURNING id, member, points),
both_sides AS (
  INSERT INTO entries
  SELECT id, 'adjustment', -points FROM fresh
  UNION ALL SELECT id, 'member:' || member, points FROM fresh),
held AS (
  INSERT INTO accounts SELECT 'member:' || member, sum(points) FROM fresh GROUP BY member
  ON CONFLICT (account) DO UPDATE SET balance = accounts.balance + excluded.balance)
SELECT count(*) FROM fresh;
`;

/**
 * A PostgreSQL of its own in a temporary folder, reached by a unix socket alone. A batch is one
 * prepared statement with arrays, committed with \`synchronous_commit = on\`; \`psql\` is the client.
 */
export async function openPostgres(folder: string): Promise<Contestant> {
  const home = join(folder, 'postgres');
  mkdirSync(home, { mode: 0o700 });
  const user = serverUser(folder, home);
  const data = join(home, 'data');
  const encoding = ['--encoding=UTF8', '--locale=C', '--auth=trust', '--username=bench'];
  execFileSync(join(BINARIES, 'initdb'), ['-D', data, ...encoding], { ...user, stdio: 'ignore' });
  const settings = ['fsync=on', 'synchronous_commit=on', 'listen_addresses='];
  const options = [...settings, `unix_socket_directories=${home}`, 'max_wal_size=4GB'];
  const server = spawn(
    join(BINARIES, 'postgres'),
    ['-D', data, ...options.flatMap((option) => ['-c', option])],
    { ...user, stdio: 'ignore' },
  );
  await ready(home).catch(async (error: unknown) => {
    await stopped(server);
    throw error;
  });
  const session = new Session(home);
  await session.run(SCHEMA);
  return {
    name: 'PostgreSQL 15',
    post: async (batch) => void (await session.run(executeOf(batch))),
    totals: async () => {
      const sums = 'SELECT (SELECT count(*) FROM postings), (SELECT sum(balance) FROM accounts);';
      const [postings, points] = (await session.run(sums)).at(-1)?.split('|') ?? [];
      return { postings: Number(postings), points: Number(points) };
    },
    close: async () => {
      session.close();
      await stopped(server);
    },
  };
}

/** The server refuses to run as root: then it gets the user that the package made for it. */
function serverUser(folder: string, home: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const of = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const [uid, gid] = [of('-u'), of('-g')];
  chmodSync(folder, 0o711);
  chownSync(home, uid, gid);
  return { uid, gid };
}

async function ready(home: string): Promise<void> {
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    try {
      const asked = ['-h', home, '-U', 'bench', '-d', 'postgres', '-q'];
      execFileSync(join(BINARIES, 'pg_isready'), asked, { stdio: 'ignore' });
      return;
    } catch {
      // Not yet.
      await sleep(ATTEMPT_PAUSE_MILLISECONDS);
    }
  }
  throw new Error('PostgreSQL did not start');
}

function executeOf(batch: readonly Post[]): string {
  const list = (of: (post: Post) => string | number): string => `'{${batch.map(of).join(',')}}'`;
  return `EXECUTE post(${list((p) => p.id)}, ${list((p) => p.member)}, ${list((p) => p.points)});\n`;
}

const DONE = 'statement-done';

/** One connection. A statement is done when the mark behind it comes back. */
class Session {
  readonly #psql: ChildProcess;
  #rows: string[] = [];
  #waiting: PromiseWithResolvers<readonly string[]> | undefined;

  constructor(home: string) {
    const how = ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1'];
    this.#psql = spawn(
      join(BINARIES, 'psql'),
      [...how, '-h', home, '-U', 'bench', '-d', 'postgres'],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const { stdout } = this.#psql;
    if (!stdout) throw new Error('psql has no output');
    createInterface({ input: stdout }).on('line', (line) => this.#read(line));
    this.#psql.on('exit', (code) => this.#waiting?.reject(new Error(`psql ended with ${code}`)));
  }

  #read(line: string): void {
    if (line !== DONE) {
      this.#rows.push(line);
      return;
    }
    const rows = this.#rows;
    this.#rows = [];
    this.#waiting?.resolve(rows);
  }

  run(statement: string): Promise<readonly string[]> {
    this.#waiting = Promise.withResolvers();
    this.#psql.stdin?.write(`${statement}\n\\echo ${DONE}\n`);
    return this.#waiting.promise;
  }

  close(): void {
    this.#waiting = undefined;
    this.#psql.stdin?.end();
  }
}

async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await ended;
}
