import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArbiter } from './arbiter.ts';
import {
  type Contestant,
  messagesOf,
  type Post,
  postsFrom,
  type Result,
  type Totals,
} from './contestant.ts';
import { hasPostgres, openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** Postings a second of one ledger at one batch size. */
export interface Lap {
  readonly contestant: string;
  readonly batch: number;
  readonly perSecond: number;
}

export interface Race {
  readonly laps: readonly Lap[];
  /** Why somebody did not take part. */
  readonly absent: readonly string[];
}

export interface RaceOptions {
  readonly batches: readonly number[];
  /** How long each lap takes. */
  readonly seconds: number;
  readonly rounds: number;
}

/** Postings written before the clock runs, in batches of this many. */
const WARM_UP = 20_000;
const WARM_UP_BATCH = 1_000;

/** Races all ledgers at all batch sizes, in turn, so that a slow minute hits everybody. */
export async function race(options: RaceOptions, tell: (line: string) => void): Promise<Race> {
  const folder = mkdtempSync(join(tmpdir(), 'arbiter-ledger-bench-'));
  const contestants: Contestant[] = [];
  try {
    contestants.push(openArbiter(folder), openSqlite(folder));
    if (hasPostgres()) contestants.push(await openPostgres(folder));
    const laps: Lap[] = [];
    const runners: Runner[] = [];
    for (const contestant of contestants) runners.push(await warmedUp(contestant));
    for (let round = 0; round < options.rounds; round += 1) {
      for (const batch of options.batches) {
        for (const runner of runners) {
          const lap = await runLap(runner, { batch, seconds: options.seconds });
          tell(`${lap.contestant}, batches of ${batch}: ${Math.round(lap.perSecond)}/s`);
          laps.push(lap);
        }
      }
    }
    for (const runner of runners) await checkBooks(runner);
    return { laps, absent: hasPostgres() ? [] : [NO_POSTGRES] };
  } finally {
    for (const contestant of contestants) await contestant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const NO_POSTGRES =
  'PostgreSQL 15 did not take part: it is not installed here (`apt-get install postgresql-15`).';

/** A contestant on its way. */
interface Runner {
  readonly contestant: Contestant;
  /** What it said to have before the laps. */
  readonly before: Totals;
  readonly start: number;
  next: number;
}

/** Lets the compilers see the work, and sees that each knows a used id. */
async function warmedUp(contestant: Contestant): Promise<Runner> {
  for (let first = 0; first < WARM_UP; first += WARM_UP_BATCH) {
    await expectAll(contestant, postsFrom(first, WARM_UP_BATCH), 'done');
  }
  await expectAll(contestant, postsFrom(0, WARM_UP_BATCH), 'exists');
  const other = postsFrom(0, 1).map((post) => ({ ...post, points: post.points + 1 }));
  await expectAll(contestant, other, 'conflict');
  const before = await contestant.totals();
  const points = pointsOf(postsFrom(0, WARM_UP));
  if (before.points !== points) throw new Error(`${contestant.name} moved a posting twice`);
  return { contestant, before, start: WARM_UP, next: WARM_UP };
}

async function expectAll(
  contestant: Contestant,
  posts: readonly Post[],
  expected: Result,
): Promise<void> {
  const answers = await contestant.post(messagesOf(posts));
  const results = answers.flatMap((answer) => contestant.resultsOf(answer));
  const isRight = results.length === posts.length && results.every((each) => each === expected);
  if (!isRight) throw new Error(`${contestant.name} did not answer ${expected}: ${results[0]}`);
}

/** The clock runs from the bytes of the messages to the bytes of the answers. */
async function runLap(
  runner: Runner,
  lap: { readonly batch: number; readonly seconds: number },
): Promise<Lap> {
  const { contestant } = runner;
  const first = runner.next;
  let elapsed = 0;
  while (elapsed < lap.seconds * 1_000) {
    const messages = messagesOf(postsFrom(runner.next, lap.batch));
    const started = performance.now();
    const answers = await contestant.post(messages);
    elapsed += performance.now() - started;
    runner.next += lap.batch;
    if (answers.length !== messages.length) throw new Error(`${contestant.name} owes an answer`);
  }
  const perSecond = ((runner.next - first) / elapsed) * 1_000;
  return { contestant: contestant.name, batch: lap.batch, perSecond };
}

/** Whoever lost, doubled or unbalanced a posting has not done the work. */
async function checkBooks({ contestant, before, start, next }: Runner): Promise<void> {
  const postings = next - start;
  const points = pointsOf(postsFrom(start, postings));
  const now = await contestant.totals();
  const found = { postings: now.postings - before.postings, points: now.points - before.points };
  if (found.postings === postings && found.points === points) return;
  const said = `${found.postings} postings of ${found.points} points`;
  throw new Error(`${contestant.name} has ${said}, not ${postings} of ${points}`);
}

function pointsOf(posts: readonly Post[]): number {
  return posts.reduce((sum, { points }) => sum + points, 0);
}
