import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../fault.ts';
import { publishDocument } from '../rules/publish-document.ts';
import type { System } from './system.ts';

const POLL_MILLISECONDS = 20;
const ACTIVATION_MILLISECONDS_MAX = 60_000;

/** Makes a document current everywhere, unless it is, and waits until every partition has it. */
export async function ensureActive(
  system: Pick<System, 'processor'>,
  given: { readonly document: unknown; readonly note: string; readonly author?: string },
): Promise<{ readonly version: number; readonly hash: string }> {
  const { processor } = system;
  const { document, note, author = 'arbiter' } = given;
  const { partitions } = processor.deployment;
  const published = await publishDocument(processor.registry, {
    document,
    author,
    note,
    partitions,
    isActive: async (hash) =>
      (await processor.metas()).every((meta) => meta.activations.at(-1)?.hash === hash),
  });
  if (!published.ok) {
    throw new Fault('rule-set-refused', 'the rule set does not compile', {
      retry: 'operator',
      facts: { problems: published.problems },
    });
  }
  const { version, hash } = published.ruleSet;
  const deadline = performance.now() + ACTIVATION_MILLISECONDS_MAX;
  while (performance.now() < deadline) {
    const metas = await processor.metas();
    if (metas.every((meta) => meta.activations.at(-1)?.hash === hash)) return { version, hash };
    await sleep(POLL_MILLISECONDS);
  }
  throw new Fault('activation-timeout', 'the rule set did not become current in time', {
    retry: 'after-backoff',
    facts: { version, hash },
  });
}
