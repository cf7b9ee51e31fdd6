import { parseArgs } from 'node:util';
import type { ArbitrationInput } from '../../core/arbitration/decision.ts';
import { ENGINES, type EngineName } from '../../core/arbitration/emit.ts';
import { explain } from '../../core/arbitration/explain.ts';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { isJson, type Json } from '../../core/conformance/fixture.ts';
import { openWorld } from '../../core/conformance/world.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import { readDocument, UnreadableInput } from './documents.ts';

type Write = (text: string) => void;

const USAGE = `usage: arbiter evaluate --rules FILE --checkout FILE|- [--member FILE] [--at INSTANT]
       [--explain] [--engine compiled|interpret]
`;

const OPTIONS = {
  rules: { type: 'string' },
  checkout: { type: 'string' },
  member: { type: 'string' },
  at: { type: 'string' },
  explain: { type: 'boolean', default: false },
  engine: { type: 'string', default: 'compiled' },
} as const;

/**
 * `arbiter evaluate`: what a checkout would get, as the JSON of an outcome; nothing is stored. An
 * envelope of several transactions gives a list. 0 when all are accepted, 1 when one is not or
 * the rule set does not compile, 2 when the command cannot be understood.
 */
export async function evaluate(argv: readonly string[], write: Write): Promise<number> {
  const options = readOptions(argv);
  if (options === undefined) {
    write(USAGE);
    return 2;
  }
  try {
    return await run(options, write);
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    write(`${error.message}\n`);
    return 2;
  }
}

interface Options {
  readonly rules: string;
  readonly checkout: string;
  readonly member: string | undefined;
  readonly at: string | undefined;
  readonly explain: boolean;
  readonly engine: EngineName;
}

function readOptions(argv: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    const { rules, checkout, member, at, explain, engine } = values;
    if (rules === undefined || checkout === undefined) return undefined;
    if (engine !== 'compiled' && engine !== 'interpret') return undefined;
    return { rules, checkout, member, at, explain, engine };
  } catch {
    return undefined;
  }
}

async function run(options: Options, write: Write): Promise<number> {
  const source = await readDocument(options.rules);
  const compiled = compileRuleSet(source, { world: 'open', emit: ENGINES[options.engine] });
  if (!compiled.ok) {
    write(
      `${json({ status: 'rejected', reason: 'rule-set-does-not-compile', diagnostics: compiled.diagnostics.map(told) })}\n`,
    );
    return 1;
  }
  const given = await readDocument(options.checkout);
  const transactions = (Array.isArray(given) ? given : [given]).map((one) => asQuote(one, options));
  const member = options.member === undefined ? undefined : await readDocument(options.member);
  const { rules, tree } = compiled.value;
  const asked: ArbitrationInput[] = [];
  const decide: ArbitrationTree['decide'] = (input) => {
    asked.push(input);
    return tree.decide(input);
  };
  const world = openWorld({ ...tree, decide }, membersOf(member, transactions));
  const outcomes = transactions.map((transaction) => {
    const outcome = world.process(transaction);
    const input = asked.pop();
    const isExplained = options.explain && outcome['status'] === 'accepted' && input !== undefined;
    return isExplained ? { ...outcome, explanation: explain(rules, input) } : outcome;
  });
  write(`${json(Array.isArray(given) ? outcomes : outcomes[0])}\n`);
  return outcomes.every((outcome) => outcome['status'] === 'accepted') ? 0 : 1;
}

function told({ severity, code, path, message, hint }: Diagnostic): Json {
  return { severity, code, path, message, hint };
}

/** A checkout is asked, not made; and it happens when the caller says. */
function asQuote(value: unknown, { at }: Options): Json {
  if (!isJson(value)) throw new UnreadableInput('a checkout is an object');
  const kind =
    value['kind'] === undefined || value['kind'] === 'checkout' ? 'quote' : value['kind'];
  const named = { id: 'evaluate', ...value, kind };
  return at === undefined ? named : { ...named, occurredAt: at };
}

/** The member as it is before; a file without an id means the member of the checkout. */
function membersOf(member: unknown, transactions: readonly Json[]): readonly Json[] {
  if (!isJson(member)) return [];
  const id = member['id'] ?? transactions[0]?.['member'] ?? 'm';
  return [{ ...member, id }];
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
