/** Who has to act on a fault: nobody ever, the caller later, or a person. */
export type FaultRetry = 'no' | 'after-backoff' | 'operator';

export type FaultDetails = {
  readonly retry: FaultRetry;
  /** What a person needs to find the cause; printed with the message. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

/**
 * Something outside our control went wrong. Expected answers are values and broken invariants are
 * `Bug`s; a fault is neither, and it says by its stable code what happened and who must act.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: string;
  readonly retry: FaultRetry;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: FaultDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retry = details.retry;
    this.facts = details.facts ?? {};
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
