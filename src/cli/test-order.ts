import { isJson } from '../../core/conformance/fixture.ts';
import { onOff, optionalText, text } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { type OrderTested, type TriedRuleSet, testOrder } from '../trials/test-order.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument, UnreadableInput } from './documents.ts';
import { renderTest } from './test-order-table.ts';

const USAGE = `usage: arbiter test FILE|- [--rules FILE | --rule-set VERSION] [settings]

FILE holds a test as JSON or YAML: { member, at, zone, order, asActive, … }; a
checkout alone will do. docs/test-mode.md has all of it. Nothing is written.
`;

const TABLE = {
  ...SETTINGS,
  rules: optionalText({ flag: '--rules', about: 'A rule-set file to test instead of a version.' }),
  ruleSet: text({
    flag: '--rule-set',
    fallback: 'applied',
    about: 'The version to test: its number, its hash, or `applied`.',
  }),
  member: optionalText({ flag: '--member', about: 'A member of the ledger.' }),
  at: optionalText({ flag: '--at', about: 'When; a local time is one at the place of the order.' }),
  zone: optionalText({ flag: '--zone', about: 'IANA zone of a local time.' }),
  asActive: optionalText({
    flag: '--as-active',
    about: 'Promotions to look at as if they were active, separated by commas.',
  }),
  explain: onOff({ flag: '--explain', fallback: false, about: 'With the trace; implies --json.' }),
  json: onOff({ flag: '--json', fallback: false, about: 'The answer as JSON.' }),
};

type Settings = Extract<ReturnType<typeof commandSettings<typeof TABLE>>, { ok: true }>['settings'];

/**
 * `arbiter test`: what an order would give under any version or file. 0 when it is accepted, 1
 * when it is not or the rule set does not compile, 2 when the test itself is wrong.
 */
export async function testCommand(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [file, ...others] = ready.words;
  if (file === undefined || others.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    return await run(file, ready.settings, write);
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function run(file: string, settings: Settings, write: Write): Promise<number> {
  const request = requestOf(await readDocument(file), settings);
  const { store } = dataLayout(settings.data);
  const ledger = settings.rules === undefined ? OpenLedger.open(store) : OpenLedger.find(store);
  try {
    const ruleSet = await ruleSetOf(settings, ledger);
    const tested = testOrder({ request, ruleSet, ledger, now: Date.now() });
    return report(tested, settings, write);
  } finally {
    await ledger?.close();
  }
}

function report(tested: OrderTested, settings: Settings, write: Write): number {
  if (tested.kind === 'refused') {
    process.stderr.write(`${tested.problem.path || '/'}: ${tested.problem.message}\n`);
    return 2;
  }
  if (tested.kind === 'does-not-compile') {
    for (const { path, message, hint } of tested.diagnostics) {
      write(`${path || '/'}: ${message} (${hint})\n`);
    }
    return 1;
  }
  const { result } = tested;
  const asJson = settings.json || settings.explain;
  write(asJson ? `${JSON.stringify(result, undefined, 2)}\n` : renderTest(result));
  return result.status === 'accepted' ? 0 : 1;
}

async function ruleSetOf(
  { rules, ruleSet }: Settings,
  ledger: OpenLedger | undefined,
): Promise<TriedRuleSet> {
  if (rules !== undefined) return { version: 0, document: await readDocument(rules) };
  if (!ledger) throw new UnreadableInput('without a ledger, name a file with --rules');
  return ledger.ruleSet(ruleSet);
}

/** What the flags say goes over what the file says. A checkout alone is the order of a test. */
function requestOf(given: unknown, settings: Settings): unknown {
  if (!isJson(given)) throw new UnreadableInput('a test is an object');
  const base = 'order' in given ? given : asTest(given);
  const { member, at, zone, asActive, explain } = settings;
  return {
    ...base,
    ...(member === undefined ? {} : { member }),
    ...(at === undefined ? {} : { at }),
    ...(zone === undefined ? {} : { zone }),
    ...(asActive === undefined ? {} : { asActive: asActive.split(',') }),
    ...(explain ? { explain } : {}),
  };
}

function asTest({ id: _, kind: __, member, occurredAt, ...order }: Record<string, unknown>) {
  return {
    order,
    ...(member === undefined ? {} : { member }),
    ...(occurredAt === undefined ? {} : { at: occurredAt }),
  };
}
