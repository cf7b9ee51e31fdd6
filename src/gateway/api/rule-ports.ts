import type { Diagnostic } from '../../../core/rules/diagnostic.ts';
import type { Scope } from '../../../ops/access/roles.ts';
import type { Counts } from '../../../ops/rules/counts.ts';
import type { Perform } from '../../../ops/rules/desk.ts';
import type { RulePorts } from '../../../ops/rules/ports.ts';
import type { YamlRead } from '../../trials/thread.ts';

/** What the routes of rule sets need. */
export interface RuleApiPorts {
  /** Carries changes out, and writes down who did. */
  readonly perform: Perform;
  /** For looking. */
  readonly rules: RulePorts;
  /** Acts up to this one are in the logs of all partitions. */
  readonly actsDone: () => Promise<number>;
  /** What each partition of this processor decides by. */
  readonly progress: () => Promise<readonly PartitionProgress[]>;
  /** Every problem, and conflicts with their witnesses, found where nobody waits for it. */
  readonly check: (document: unknown) => Promise<readonly Diagnostic[]>;
  /** YAML in and out, where nobody waits for it. */
  readonly readYaml: (text: string) => Promise<YamlRead>;
  readonly writeYaml: (document: unknown, head: string) => Promise<string>;
  /** Counts the campaigns that somebody may see. */
  readonly count: (document: unknown, scope: Scope) => Promise<Counts>;
}

export interface PartitionProgress {
  readonly partition: number;
  readonly version: number;
  readonly hash: string;
  /** When it took effect there, ISO 8601. */
  readonly since: string;
}
