import type { Perform } from '../../../ops/rules/desk.ts';
import type { RulePorts } from '../../../ops/rules/ports.ts';
import type { Processor } from '../../processor/processor.ts';
import type { TrialPool } from '../../trials/trial-pool.ts';
import type { PartitionProgress, RuleApiPorts } from './rule-ports.ts';

/** The ports of the rule-set routes, over the processor that runs beside them. */
export function ruleApiPorts(parts: {
  readonly processor: Pick<Processor, 'registry' | 'metas'>;
  readonly pool: Pick<TrialPool, 'check' | 'count' | 'readYaml' | 'writeYaml'>;
  readonly rules: RulePorts;
  readonly perform: Perform;
}): RuleApiPorts {
  const { processor, pool, rules, perform } = parts;
  return {
    perform,
    rules,
    actsDone: () => processor.registry.books.done(),
    progress: async () => (await processor.metas()).flatMap(progressOf),
    check: (document) => pool.check(document),
    readYaml: pool.readYaml.bind(pool),
    writeYaml: pool.writeYaml.bind(pool),
    count: (document, { stores, partners }) =>
      pool.count({ document, scope: { stores, partners }, now: rules.now() }),
  };
}

function progressOf(
  meta: Awaited<ReturnType<Processor['metas']>>[number],
): readonly PartitionProgress[] {
  const last = meta.activations.at(-1);
  if (!last) return [];
  const { version, hash, activeFrom } = last;
  return [{ partition: meta.partition, version, hash, since: new Date(activeFrom).toISOString() }];
}
