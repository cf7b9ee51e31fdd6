import { writeSync } from 'node:fs';
import type { Reporter, TestModule, TestRunEndReason, TestSuite } from 'vitest/node';

type Count = { passed: number; failed: number; skipped: number };

/**
 * Ends a test run with one plain line, `N passed, N failed`, and `, N skipped` where some were.
 *
 * It counts tests, and one more failure for each thing that broke outside of a test: a file that
 * does not load, a hook of a suite, an error nobody caught. A run without a test is a failed run.
 */
export class ClosingLine implements Reporter {
  #count: Count = { passed: 0, failed: 0, skipped: 0 };

  /** On the way out, because other reporters and vitest itself write after the last test. */
  onInit(): void {
    process.once('exit', () => writeSync(process.stdout.fd, `${closingLine(this.#count)}\n`));
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    uncaught: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    const count = { passed: 0, failed: uncaught.length, skipped: 0 };
    for (const module of modules) countModule(module, count);
    if (reason !== 'passed' && count.failed === 0) count.failed = 1;
    if (count.passed === 0 || count.failed > 0) process.exitCode = 1;
    this.#count = count;
  }
}

export function closingLine({ passed, failed, skipped }: Count): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

function countModule(module: TestModule, count: Count): void {
  count.failed += brokenOutsideOfTests(module);
  for (const suite of module.children.allSuites()) count.failed += brokenOutsideOfTests(suite);
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'pending') count.skipped += 1;
    else count[state] += 1;
  }
}

function brokenOutsideOfTests(part: TestModule | TestSuite): number {
  return part.errors().length > 0 ? 1 : 0;
}
