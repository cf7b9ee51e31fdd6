import { activate, guardSecondPerson } from './activation.ts';
import type { RuleCommand } from './commands.ts';
import type { Performed } from './performed.ts';
import type { Held, RulePorts } from './ports.ts';
import { unknownVersion } from './publish.ts';
import { type Refusal, refused } from './refusal.ts';
import type { Schedule } from './version.ts';

type Of<Name extends RuleCommand['command']> = Extract<RuleCommand, { command: Name }>;

/** Waiting schedules are among the latest of all; older ones have long had their time. */
const SCHEDULES_LOOKED_AT_MAX = 1_000;

/** Plans a version for an instant. Whether processors can use it is asked now and again then. */
export async function keepSchedule(ports: RulePorts, command: Of<'schedule'>): Promise<Performed> {
  const { author, note, due } = command;
  const version = await ports.books.version(command.version);
  if (!version) return unknownVersion(command.version);
  if (due <= ports.now()) {
    return refused('not-in-the-future', 'that instant is over: `rules apply` acts at once');
  }
  const before = await ports.books.lastAct();
  const { approves, request } = command;
  const wanted = { act: 'scheduled', version, author, approves } as const;
  const alone = await guardSecondPerson(ports, wanted, before);
  if (alone) return alone;
  const { verdicts } = await ports.processors.prepare(version);
  const unfit = verdicts.filter(({ ok, hash }) => !ok || hash !== version.hash);
  if (unfit.length > 0) {
    const problems = unfit.map(
      (each) => `processor ${each.processor}: ${each.problems.join('; ')}`,
    );
    return refused('processor-refuses', 'not every processor can use this version', problems);
  }
  const schedule = await ports.books.schedule({
    version: version.version,
    due: new Date(due).toISOString(),
    author: author.name,
    note,
    at: new Date(ports.now()).toISOString(),
    ...(request === undefined ? {} : { request: request.key }),
  });
  return { ok: true, version, schedule };
}

export async function unschedule(ports: RulePorts, command: Of<'unschedule'>): Promise<Performed> {
  const held = await ports.books.scheduled(command.schedule);
  if (held?.value.state !== 'waiting') {
    return refused('unknown-schedule', `no schedule ${command.schedule} is waiting`);
  }
  const message = `cancelled by ${command.author.name}`;
  const schedule: Schedule = { ...held.value, state: 'cancelled', message };
  if (await ports.books.keepSchedule(schedule, held.revision)) return { ok: true, schedule };
  return refused('changed-meanwhile', 'the schedule has just had its turn');
}

/** Schedules, the latest first, but for those whose numbers are known not to matter. */
export async function schedules(
  { books }: Pick<RulePorts, 'books'>,
  known: ReadonlySet<number> = new Set(),
): Promise<readonly Held<Schedule>[]> {
  const last = await books.lastSchedule();
  const found: Held<Schedule>[] = [];
  for (let number = last; number > Math.max(0, last - SCHEDULES_LOOKED_AT_MAX); number -= 1) {
    const held = known.has(number) ? undefined : await books.scheduled(number);
    if (held) found.push(held);
  }
  return found;
}

/** After this long past its time, what could not be done is given up. */
const PATIENCE_MILLISECONDS = 10 * 60_000;
/** Acts among which the one of a schedule is looked for. */
const ACTS_LOOKED_AT_MAX = 50;
/** What may be otherwise in a moment. */
const PASSING: readonly string[] = ['processor-away', 'changed-meanwhile'];

/**
 * Makes a version current whose time has come, and writes down how that went. Called by every
 * processor: the act has one number, so only one of them gets it into the logs. Gives
 * `undefined` when it has to be tried again.
 */
export async function runSchedule(
  ports: RulePorts,
  { value, revision }: Held<Schedule>,
): Promise<Schedule | undefined> {
  const refusal = (await isDone(ports, value)) ? undefined : await tryNow(ports, value);
  const isLate = ports.now() - Date.parse(value.due) > PATIENCE_MILLISECONDS;
  if (refusal && PASSING.includes(refusal.code) && !isLate) return undefined;
  const ended: Schedule = refusal
    ? { ...value, state: 'failed', message: [refusal.message, ...refusal.problems].join('; ') }
    : { ...value, state: 'done' };
  await ports.books.keepSchedule(ended, revision);
  return ended;
}

async function tryNow(ports: RulePorts, schedule: Schedule): Promise<Refusal | undefined> {
  const version = await ports.books.version(schedule.version);
  if (!version) return unknownVersion(schedule.version);
  const { author, note, number } = schedule;
  const activated = await activate(ports, {
    act: 'scheduled',
    version,
    author: { name: author },
    note,
    schedule: number,
  });
  return activated.ok ? undefined : activated;
}

/** Another processor, or this one before it died, may have done it. */
async function isDone({ books }: RulePorts, { number }: Schedule): Promise<boolean> {
  const last = (await books.lastAct())?.number ?? 0;
  for (let looked = last; looked > Math.max(0, last - ACTS_LOOKED_AT_MAX); looked -= 1) {
    if ((await books.act(looked))?.schedule === number) return true;
  }
  return false;
}
