/** Why a command was not carried out; nothing has changed then. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly message: string;
  /** One line each: diagnostics, nodes in conflict, processors that refuse. */
  readonly problems: readonly string[];
  /** The nodes that it is about, and who changed them last. */
  readonly nodes?: readonly NodeInQuestion[];
  /** The field of the command that is to blame. */
  readonly path?: string;
}

export interface NodeInQuestion {
  readonly node: string;
  readonly changedBy?: string;
  readonly changedAt?: string;
  /** What it is now: an edit of that names this. */
  readonly etag?: string;
  /** What about it is to blame. */
  readonly field?: string;
}

export type RefusalCode =
  | 'unknown-version'
  | 'unknown-promotion'
  | 'unknown-place'
  | 'unknown-schedule'
  | 'nothing-active'
  | 'nothing-changed'
  | 'not-a-document'
  | 'does-not-compile'
  | 'not-based-on-current'
  | 'needs-second-person'
  | 'changed-meanwhile'
  | 'processor-away'
  | 'processor-refuses'
  | 'not-in-the-future'
  | 'cannot-be-ticked'
  | 'unknown-node'
  | 'name-taken'
  | 'cannot-be-placed'
  | 'not-empty'
  | 'has-ended'
  | 'wrong-node'
  | 'own-edits'
  | 'not-yours';

export function refused(
  code: RefusalCode,
  message: string,
  problems: readonly string[] = [],
): Refusal {
  return { ok: false, code, message, problems };
}
