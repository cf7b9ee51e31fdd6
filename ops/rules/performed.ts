import type { Change } from './changes.ts';
import type { Refusal } from './refusal.ts';
import type { Act, RuleSetVersion, Schedule } from './version.ts';

/** What a command did. */
export interface Done {
  readonly ok: true;
  readonly version?: RuleSetVersion;
  readonly act?: Act;
  readonly schedule?: Schedule;
  /** What it changed, where it changed a document. */
  readonly changes?: readonly Change[];
  /** What is suspicious and no reason to refuse. */
  readonly warnings?: readonly string[];
}

export type Performed = Done | Refusal;
