import { setTimeout as sleep } from 'node:timers/promises';
import { ruleSetNamed } from './documents.ts';
import type { RuleApiPorts } from './rule-ports.ts';

/** Warnings that one answer holds; the check of the version has all of them. */
const WARNINGS_MAX = 50;
/** How long an answer waits for the check: what it is about has happened already. */
const PATIENCE_MILLISECONDS = 3_000;

/** What is suspicious about what becomes current. It is no reason to refuse. */
export async function warningsOf(ports: RuleApiPorts, version: number | undefined) {
  const named = version === undefined ? 'working' : String(version);
  const unknown = { check: `/api/v1/rule-sets/${version ?? 'current'}/check` };
  const finding = (async () => {
    const { document } = await ruleSetNamed(ports.rules, named);
    const found = await ports.check(document);
    const warnings = found.filter(({ severity }) => severity === 'warning');
    return { warnings: warnings.slice(0, WARNINGS_MAX), ...unknown };
  })();
  // Whatever keeps it from being found is told by the act itself, or by the check.
  const found = finding.catch(() => unknown);
  return Promise.race([found, sleep(PATIENCE_MILLISECONDS, unknown, { ref: false })]);
}
