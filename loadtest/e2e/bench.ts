/**
 * `npm run bench:e2e`: what the whole system does on this machine, seen from outside. See
 * `docs/performance.md`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverVersion } from './backlog.ts';
import { metric } from './clickhouse-side.ts';
import { summariseProfiles } from './cpu-profile.ts';
import { Deployment, type RunningProcessor } from './deployment.ts';
import { enrol, measureStart, soak } from './endurance.ts';
import { ForeignLoad } from './foreign-load.ts';
import { describeMachine } from './machine.ts';
import { type BenchOptions, readOptions, USAGE } from './options.ts';
import { memoryOf } from './process-figures.ts';
import { type Results, type Round, renderResults } from './report.ts';
import { type Bench, measureDrain, measureLatency, measureLive } from './round.ts';
import { median } from './statistics.ts';
import { readSteps, stepsBetween } from './step-times.ts';
import { Traffic } from './traffic.ts';

/** Different checkouts; more only take memory. Enough that none is on its way twice. */
const CHECKOUTS = 50_000;
const MIB = 2 ** 20;

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
  console.log(USAGE);
} else {
  await main(options);
}

async function main(chosen: BenchOptions): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'arbiter-bench-'));
  try {
    const results = await measure(chosen, data);
    console.log(`\n${renderResults(results)}\n`);
    if (chosen.out) writeFileSync(chosen.out, `${JSON.stringify(results, undefined, 2)}\n`);
    if (chosen.profile) console.log(summariseProfiles(chosen.profile));
  } finally {
    if (chosen.keep) console.log(`the data is in ${data}`);
    else rmSync(data, { recursive: true, force: true });
  }
}

async function measure(chosen: BenchOptions, data: string): Promise<Results> {
  const machine = describeMachine(data);
  tell(`encoding ${CHECKOUTS} checkouts`);
  const run = (Date.now() % 36 ** 6).toString(36);
  const traffic = new Traffic({ ...chosen, seed: 1, checkouts: CHECKOUTS }, run);
  const deployment = await Deployment.start(data, chosen.partitions);
  const onSignal = (): void => {
    void deployment.stop().finally(() => {
      rmSync(data, { recursive: true, force: true });
      process.exit(1);
    });
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const natsVersion = await serverVersion(deployment.natsUrl);
    const bench: Bench = { options: chosen, deployment, traffic, sent: 0 };
    const others = new ForeignLoad();
    const measured = await measureAll(bench, others);
    tell('verifying the ledger');
    const verified = await deployment.verify();
    const at = new Date().toISOString();
    return { at, machine, natsVersion, options: chosen, ...measured, verified };
  } finally {
    await deployment.stop();
  }
}

type Measured = Pick<Results, 'rounds' | 'soak' | 'start' | 'foreignShare'>;

async function measureAll(bench: Bench, others: ForeignLoad): Promise<Measured> {
  const { options: chosen, deployment } = bench;
  let processor = await deployment.startProcessor();
  await deployment.applyRules(chosen.rules);
  tell(`enrolling ${chosen.members} members`);
  await enrol(bench, chosen.members);
  const rounds: Round[] = [];
  for (let number = 1; number <= chosen.rounds; number += 1) {
    const done = await measureRound(bench, processor, { number, others });
    rounds.push(done.round);
    processor = done.processor;
    others.sample(bench.deployment, processor);
  }
  const half = median(rounds.map(({ live }) => live.perSecond)) / 2;
  if (chosen.soakMinutes > 0) tell(`soaking for ${chosen.soakMinutes} minutes`);
  const soaked =
    chosen.soakMinutes > 0
      ? await soak(bench, processor, { perSecond: half, minutes: chosen.soakMinutes })
      : undefined;
  if (chosen.startupMembers > 0) tell(`enrolling ${chosen.startupMembers} members, then starting`);
  const start =
    chosen.startupMembers > 0 ? await measureStart(bench, chosen.startupMembers) : undefined;
  await deployment.stopProcessor();
  return { rounds, soak: soaked, start, foreignShare: others.share };
}

async function measureRound(
  bench: Bench,
  running: RunningProcessor,
  { number, others }: { readonly number: number; readonly others: ForeignLoad },
): Promise<{ readonly round: Round; readonly processor: RunningProcessor }> {
  const { options: chosen } = bench;
  tell(`round ${number}: full load`);
  const live = await measureLive(bench, running);
  tell(`round ${number}: ${Math.round(live.perSecond)}/s; half load`);
  const steps = await readSteps(running);
  const half = await measureLatency(bench, {
    perSecond: live.perSecond / 2,
    seconds: chosen.halfSeconds,
  });
  const halfSteps = stepsBetween(steps, await readSteps(running));
  const memory = memoryOf(running.pid);
  others.sample(bench.deployment, running);
  await noneRejected(running);
  const figures = {
    live,
    half,
    halfSteps,
    peakMiB: memory.peak / MIB,
    residentMiB: memory.resident / MIB,
    anonymousMiB: memory.anonymous / MIB,
  };
  if (chosen.drainMessages === 0) {
    return { round: { ...figures, drain: undefined }, processor: running };
  }
  tell(`round ${number}: p99 ${half.p99.toFixed(1)} ms; drain`);
  const { figures: drain, processor } = await measureDrain(bench, profileFlags(chosen, number));
  tell(
    `round ${number}: ${Math.round(drain.perSecond)}/s, bare ${Math.round(drain.barePerSecond)}`,
  );
  await noneRejected(processor);
  return { round: { ...figures, drain }, processor };
}

/** Profiles slow things down, so only the last round has them. */
function profileFlags(chosen: BenchOptions, round: number): readonly string[] {
  if (chosen.profile === undefined || round < chosen.rounds) return [];
  mkdirSync(chosen.profile, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${chosen.profile}`];
}

/** A rejected checkout is cheap, so that rejections would make good figures. */
async function noneRejected(processor: RunningProcessor): Promise<void> {
  const rejected = await metric(processor, /^arbiter_transactions_total\{.*status="rejected"/);
  if (rejected > 0) throw new Error(`${rejected} of the transactions were rejected`);
}

function tell(what: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);
}
