import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ENGINES } from '../../core/arbitration/emit.ts';
import { type CompiledRuleSet, compileRuleSet } from '../../core/rules/compile.ts';
import type { Compiled, Diagnostic } from '../../core/rules/diagnostic.ts';
import { parseRuleDocument, type ReadDocument } from '../rules/read-document.ts';
import { showRuleSet } from '../rules/show-rule-set.ts';

type Write = (text: string) => void;

const USAGE = `usage: arbiter rules check [--open] FILE
       arbiter rules show [--open] FILE

  check   prints every problem with its place and what to do; exit 1 when there are errors
  show    prints the compiled tree, the index, the hash and the cost
  --open  accepts stores, partners and point types that are used and not declared
`;

/** `arbiter rules check|show FILE`. 0: compiles; 1: does not; 2: wrong use or unreadable. */
export async function rules(argv: readonly string[], write: Write): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === 'check') return rulesCheck(rest, write);
  if (verb === 'show') return rulesShow(rest, write);
  write(USAGE);
  return 2;
}

/** `arbiter rules check FILE`: every problem of a rule set, with its place in the file. */
export async function rulesCheck(argv: readonly string[], write: Write): Promise<number> {
  const opened = await open(argv, write);
  if (opened === undefined) return 2;
  const { file, document, compiled } = opened;
  const found = compiled.ok ? compiled.warnings : compiled.diagnostics;
  for (const one of found) write(describeDiagnostic(one, file, document));
  const errors = found.filter(({ severity }) => severity === 'error').length;
  write(`${file}: ${counted(errors, 'error')}, ${counted(found.length - errors, 'warning')}\n`);
  return compiled.ok ? 0 : 1;
}

/** `arbiter rules show FILE`: what the rule set became. */
export async function rulesShow(argv: readonly string[], write: Write): Promise<number> {
  const opened = await open(argv, write);
  if (opened === undefined) return 2;
  const { file, document, compiled } = opened;
  if (compiled.ok) {
    write(showRuleSet(compiled.value));
    return 0;
  }
  for (const one of compiled.diagnostics) write(describeDiagnostic(one, file, document));
  return 1;
}

interface Opened {
  readonly file: string;
  readonly document: ReadDocument;
  readonly compiled: Compiled<CompiledRuleSet>;
}

async function open(argv: readonly string[], write: Write): Promise<Opened | undefined> {
  const options = readOptions(argv);
  if (options === undefined) {
    write(USAGE);
    return undefined;
  }
  const { file } = options;
  const text = await contentOf(file, write);
  if (text === undefined) return undefined;
  const read = parseRuleDocument(text);
  if (!read.ok) {
    write(
      `${file}:${read.position.line}:${read.position.column} error unreadable: ${read.message}\n`,
    );
    return undefined;
  }
  const compiled = compileRuleSet(read.document.value, {
    world: options.world,
    emit: ENGINES.compiled,
    specification: ENGINES.interpret,
    conflicts: true,
  });
  return { file, document: read.document, compiled };
}

function readOptions(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { open: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return undefined;
    return { file, world: values.open ? 'open' : 'closed' } as const;
  } catch {
    // An unknown option: the usage says which there are.
    return undefined;
  }
}

async function contentOf(file: string, write: Write): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    write(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

function describeDiagnostic(one: Diagnostic, file: string, document: ReadDocument): string {
  const { line, column } = document.positionOf(one.path);
  const head = `${file}:${line}:${column} ${one.severity} ${one.code} ${one.path}`;
  const example =
    one.witness === undefined ? '' : `  for example: ${JSON.stringify(one.witness)}\n`;
  return `${head}\n  ${one.message}\n  ${one.hint}\n${example}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
