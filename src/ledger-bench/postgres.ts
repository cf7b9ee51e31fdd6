import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answers,
  type Contestant,
  expiryOf,
  MEMBERS,
  type Post,
  type Result,
} from './contestant.ts';
import { type Posted, readPosts, readResults, writeAnswer } from './peer.ts';
import { POST, SCHEMA, TOTALS } from './postgres-schema.ts';
import { PostgresSession, type Row } from './postgres-session.ts';

/** Where Debian's package `postgresql-15` puts the server. */
const BINARIES = '/usr/lib/postgresql/15/bin';
/** Durable, and with room enough that no checkpoint comes in the middle of a lap. */
const SETTINGS = [
  'fsync=on',
  'synchronous_commit=on',
  'shared_buffers=512MB',
  'max_wal_size=4GB',
  'plan_cache_mode=force_generic_plan',
  'jit=off',
];
const START_ATTEMPTS = 150;
const ATTEMPT_PAUSE_MILLISECONDS = 100;

/** True when PostgreSQL 15 is here to race against. */
export function hasPostgres(): boolean {
  return existsSync(join(BINARIES, 'postgres')) && existsSync(join(BINARIES, 'initdb'));
}

/**
 * A PostgreSQL of its own in a temporary folder, reached by a unix socket alone. A batch is one
 * prepared statement with arrays, committed with \`synchronous_commit = on\`.
 */
export async function openPostgres(folder: string): Promise<Contestant> {
  const home = join(folder, 'postgres');
  mkdirSync(home, { mode: 0o700 });
  const user = serverUser(folder, home);
  const data = join(home, 'data');
  const encoding = ['--encoding=UTF8', '--locale=C', '--auth=trust', '--username=bench'];
  execFileSync(join(BINARIES, 'initdb'), ['-D', data, ...encoding], { ...user, stdio: 'ignore' });
  const settings = [...SETTINGS, 'listen_addresses='];
  const options = [...settings, `unix_socket_directories=${home}`];
  const server = spawn(
    join(BINARIES, 'postgres'),
    ['-D', data, ...options.flatMap((option) => ['-c', option])],
    { ...user, stdio: 'ignore' },
  );
  await ready(home).catch(async (error: unknown) => {
    await stopped(server);
    throw error;
  });
  const session = await PostgresSession.connect(join(home, '.s.PGSQL.5432'), 'bench');
  await session.query(SCHEMA);
  await session.query(
    `INSERT INTO accounts SELECT 'm-' || n, 0 FROM generate_series(0, ${MEMBERS - 1}) AS n; ANALYZE;`,
  );
  await session.prepare('post', POST);
  return {
    name: 'PostgreSQL 15',
    post: (messages) => post(session, messages),
    resultsOf: readResults,
    totals: async () => {
      const [postings, points] = (await session.query(TOTALS))[0] ?? [];
      return { postings: Number(postings), points: Number(points) };
    },
    close: async () => {
      await session.close();
      await stopped(server);
    },
  };
}

/** A batch is one statement, whatever messages it came in. */
async function post(session: PostgresSession, messages: readonly Uint8Array[]): Promise<Answers> {
  const lists = messages.map(readPosts);
  const posts = lists.flat();
  const rows = await session.execute('post', [
    arrayOf(posts.map(({ id }) => id)),
    arrayOf(posts.map(({ member }) => member)),
    arrayOf(posts.map(({ points }) => points)),
    String(expiryOf(Date.now())),
  ]);
  const posted = postedOf(posts, rows);
  let from = 0;
  return lists.map((list) => {
    from += list.length;
    return writeAnswer(posted.slice(from - list.length, from));
  });
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

/** A list of texts or numbers as an array of the server. */
function arrayOf(values: readonly (string | number)[]): string {
  const quoted = values.map((value) =>
    typeof value === 'number' || PLAIN.test(value) ? value : JSON.stringify(value),
  );
  return `{${quoted.join(',')}}`;
}

const PLAIN = /^[\w-]+$/;

/** The columns that come back are arrays too: a status, and the balance before and after. */
function postedOf(posts: readonly Post[], [row]: readonly Row[]): Posted[] {
  const [statuses, befores, afters] = (row ?? []).map((column) =>
    (column ?? '').slice(1, -1).split(','),
  );
  return posts.map(({ id }, place) => ({
    id,
    status: statuses?.[place] as Result, // The statement knows no other words.
    before: numberOf(befores?.[place]),
    after: numberOf(afters?.[place]),
  }));
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === 'NULL' ? null : Number(text);
}

async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  await ended;
}
