import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArbiter } from './arbiter.ts';
import { type Contestant, postsFrom } from './contestant.ts';
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

/** Postings written before the clock runs, a used id among them. */
const WARM_UP = 2_000;

/** Races all ledgers at all batch sizes, in turn, so that a slow minute hits everybody. */
export async function race(options: RaceOptions, tell: (line: string) => void): Promise<Race> {
  const folder = mkdtempSync(join(tmpdir(), 'arbiter-ledger-bench-'));
  const contestants: Contestant[] = [];
  try {
    contestants.push(openArbiter(folder), openSqlite(folder));
    if (hasPostgres()) contestants.push(await openPostgres(folder));
    const laps: Lap[] = [];
    const places = new Map<string, number>();
    for (const contestant of contestants) await warmUp(contestant, places);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const batch of options.batches) {
        for (const contestant of contestants) {
          const lap = await runLap(contestant, { batch, seconds: options.seconds, places });
          tell(`${contestant.name}, batches of ${batch}: ${Math.round(lap.perSecond)}/s`);
          laps.push(lap);
        }
      }
    }
    for (const contestant of contestants) await checkBooks(contestant, places);
    return { laps, absent: hasPostgres() ? [] : [NO_POSTGRES] };
  } finally {
    for (const contestant of contestants) await contestant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const NO_POSTGRES =
  'PostgreSQL 15 did not take part: it is not installed here (`apt-get install postgresql-15`).';

async function warmUp(contestant: Contestant, places: Map<string, number>): Promise<void> {
  await contestant.post(postsFrom(0, WARM_UP));
  // A repeated batch has to change nothing; the totals at the end would show it.
  await contestant.post(postsFrom(0, WARM_UP));
  places.set(contestant.name, WARM_UP);
}

async function runLap(
  contestant: Contestant,
  lap: {
    readonly batch: number;
    readonly seconds: number;
    readonly places: Map<string, number>;
  },
): Promise<Lap> {
  const first = lap.places.get(contestant.name) ?? 0;
  const started = performance.now();
  let next = first;
  let elapsed = 0;
  while (elapsed < lap.seconds * 1_000) {
    await contestant.post(postsFrom(next, lap.batch));
    next += lap.batch;
    elapsed = performance.now() - started;
  }
  lap.places.set(contestant.name, next);
  const perSecond = ((next - first) / elapsed) * 1_000;
  return { contestant: contestant.name, batch: lap.batch, perSecond };
}

/** Whoever lost, doubled or unbalanced a posting has not done the work. */
async function checkBooks(contestant: Contestant, places: Map<string, number>): Promise<void> {
  const postings = places.get(contestant.name) ?? 0;
  const points = postsFrom(0, postings).reduce((sum, post) => sum + post.points, 0);
  const found = await contestant.totals();
  if (found.postings === postings && found.points === points) return;
  const said = `${found.postings} postings of ${found.points} points`;
  throw new Error(`${contestant.name} has ${said}, not ${postings} of ${points}`);
}
