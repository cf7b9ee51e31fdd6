/** An outcome as it travels: the JSON of the rule-language reference. */
export interface OutcomeJson {
  readonly id: string;
  readonly status: 'accepted' | 'rejected' | 'exists';
  /** Of one that exists: what it was when it was recorded. */
  readonly recorded?: 'accepted' | 'rejected';
  /** Of a rejection. */
  readonly reason?: string;
  readonly path?: string;
  readonly message?: string;
  readonly [name: string]: unknown;
}

/** What the member subject answers. */
export interface MemberJson {
  readonly id: string;
  readonly points: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

export function isOutcome(value: unknown): value is OutcomeJson {
  return typeof value === 'object' && value !== null && 'status' in value && 'id' in value;
}
