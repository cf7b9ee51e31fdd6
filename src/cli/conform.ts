import { CONFORMANCE_ENGINES } from '../../core/conformance/engines.ts';
import { type Fixture, readFixture } from '../../core/conformance/fixture.ts';
import { runFixture, type Verdict } from '../../core/conformance/run.ts';
import { readDocument, UnreadableInput } from './documents.ts';

type Write = (text: string) => void;

/** `arbiter conform FILE…`: runs fixtures on both engines. 0 when all pass, 1 when one does not. */
export async function conform(argv: readonly string[], write: Write): Promise<number> {
  if (argv.length === 0 || argv.some((word) => word.startsWith('-'))) {
    write('usage: arbiter conform FILE…\n');
    return 2;
  }
  let [passed, failed] = [0, 0];
  for (const file of argv) {
    const problems = await problemsOf(file);
    if (problems.problem === undefined) passed += 1;
    else failed += 1;
    const name = problems.name === '' ? file : `${file}: ${problems.name}`;
    write(
      problems.problem === undefined ? `ok ${name}\n` : `FAILED ${name}\n  ${problems.problem}\n`,
    );
  }
  write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

interface Ran {
  readonly name: string;
  /** The first difference on any engine, in words. */
  readonly problem: string | undefined;
}

async function problemsOf(file: string): Promise<Ran> {
  try {
    const read = readFixture(await readDocument(file));
    if (!read.ok) return { name: '', problem: read.problem };
    return { name: read.fixture.name, problem: firstProblem(read.fixture) };
  } catch (error) {
    if (error instanceof UnreadableInput) return { name: '', problem: error.message };
    const because = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { name: '', problem: because };
  }
}

function firstProblem(fixture: Fixture): string | undefined {
  for (const engine of CONFORMANCE_ENGINES) {
    const verdict = runFixture(fixture, engine);
    if (!verdict.ok) return inWords(engine.name, fixture, verdict);
  }
  return undefined;
}

function inWords(
  engine: string,
  { transactions }: Fixture,
  { transaction, found }: Exclude<Verdict, { ok: true }>,
): string {
  const id = transaction === undefined ? undefined : transactions[transaction]?.['id'];
  const where = transaction === undefined ? '' : ` transaction ${String(id ?? transaction + 1)}`;
  const expected = JSON.stringify(found.expected);
  const actual = JSON.stringify(found.actual);
  return `${engine}:${where} ${found.path || '/'}: expected ${expected}, got ${actual}`;
}
