import type { Actor } from '../access/actor.ts';
import { isSecondPerson, wantsSecondPerson } from './approval.ts';
import type { RequestKey } from './commands.ts';
import type { RulePorts } from './ports.ts';
import { type Refusal, refused } from './refusal.ts';
import type { Act, ActKind, RuleSetVersion } from './version.ts';

export type Activated = { readonly ok: true; readonly act: Act } | Refusal;

export interface Wanted {
  readonly act: ActKind;
  readonly version: RuleSetVersion;
  readonly author: Actor;
  readonly note: string;
  /** True where what is current before need not be an ancestor: going back, or merged already. */
  readonly anyBase?: boolean;
  /** The act that it was thought out on; 0: the first of all. */
  readonly on?: number;
  readonly schedule?: number;
  /** True for what cannot wait for anybody: an emergency stop. */
  readonly urgent?: boolean;
  readonly approves?: boolean | undefined;
  readonly request?: RequestKey | undefined;
}

/** Generations that are looked through for what is current. */
const ANCESTORS_MAX = 10_000;

/**
 * Makes a version current everywhere, in two phases: every processor has to have it compiled and
 * checked with the same result; only then the act enters the logs. So what one processor cannot
 * use becomes current nowhere.
 */
export async function activate(ports: RulePorts, wanted: Wanted): Promise<Activated> {
  const { version, author, note } = wanted;
  const before = await ports.books.lastAct();
  // Whoever comes second thinks again, on what the first one made current.
  if (wanted.on !== undefined && wanted.on !== (before?.number ?? 0)) return overtaken();
  const refusal =
    (await guardBase(ports, wanted, before)) ?? (await guardSecondPerson(ports, wanted, before));
  if (refusal) return refusal;

  const unready = await prepare(ports, wanted);
  if (unready) return unready;
  const act: Act = {
    number: (before?.number ?? 0) + 1,
    act: wanted.act,
    version: version.version,
    hash: version.hash,
    before: before?.version,
    author: author.name,
    note,
    at: new Date(ports.now()).toISOString(),
    ...(wanted.schedule === undefined ? {} : { schedule: wanted.schedule }),
    ...(wanted.request === undefined ? {} : { request: wanted.request.key }),
  };
  if (await ports.processors.activate(act)) return { ok: true, act };
  return overtaken();
}

function overtaken(): Refusal {
  return refused('changed-meanwhile', 'somebody else made a version current: look at it first');
}

/** What others made current meanwhile is not undone by accident. */
async function guardBase(
  { books }: RulePorts,
  { version, anyBase }: Wanted,
  before: Act | undefined,
): Promise<Refusal | undefined> {
  if (anyBase || before === undefined) return undefined;
  let one: RuleSetVersion | undefined = version;
  for (let looked = 0; one !== undefined && looked < ANCESTORS_MAX; looked += 1) {
    if (one.version === before.version) return undefined;
    one = one.parent === undefined ? undefined : await books.version(one.parent);
  }
  const message =
    `version ${version.version} was not made from version ${before.version}, which is current: ` +
    'what that changed would be undone. Compare the two with `rules diff`, bring the changes ' +
    'into the working copy, or go back on purpose with `rules rollback`';
  return refused('not-based-on-current', message);
}

/** Refuses where the programme wants somebody else to apply what the author wrote. */
export async function guardSecondPerson(
  { books }: RulePorts,
  { version, author, urgent, act, approves = true }: Omit<Wanted, 'note'>,
  before: Act | undefined,
): Promise<Refusal | undefined> {
  // What was current once has been approved; what burns is put out first.
  if (urgent || act === 'rollback' || before === undefined) return undefined;
  const current = await books.version(before.version);
  if (!current || !wantsSecondPerson(await books.documentOf(current))) return undefined;
  if (approves && isSecondPerson(version, author.name)) return undefined;
  const given = (await books.approvals(version.version))?.value ?? [];
  if (given.some((approval) => isSecondPerson(version, approval.author))) return undefined;
  const why = isSecondPerson(version, author.name)
    ? `nobody has approved version ${version.version}`
    : `version ${version.version} holds edits by ${author.name}`;
  const message =
    `the programme wants a second person: ${why}. Somebody else approves it, ` +
    `or applies it with \`rules apply ${version.version}\``;
  return refused('needs-second-person', message);
}

async function prepare(
  { processors }: RulePorts,
  { version, urgent }: Wanted,
): Promise<Refusal | undefined> {
  const { verdicts, away } = await processors.prepare(version);
  const unfit = verdicts.filter(({ ok, hash }) => !ok || hash !== version.hash);
  if (unfit.length > 0) {
    const message = `version ${version.version} stays inactive: not every processor can use it`;
    return refused(
      'processor-refuses',
      message,
      unfit.map(({ processor, ok, hash, problems }) => {
        const meaning = `it understands ${hash}, not ${version.hash}: is it another release?`;
        return `processor ${processor}: ${ok ? meaning : problems.join('; ')}`;
      }),
    );
  }
  // A stop takes one promotion out of what every processor uses already: it can catch up later.
  if (away.length === 0 || urgent) return undefined;
  const which = away.length === 1 ? `partition ${away[0]}` : `partitions ${away.join(', ')}`;
  const message =
    `no processor answers for ${which}: nobody knows whether it can use version ` +
    `${version.version}. Start it, and apply again`;
  return refused('processor-away', message);
}
