/** A broken invariant of our own code. Never caught to be handled, only to be reported. */
export class Bug extends Error {
  override readonly name = 'Bug';
  readonly facts: readonly unknown[];

  constructor(message: string, facts: readonly unknown[]) {
    super(facts.length === 0 ? message : `${message}: ${facts.map(show).join(', ')}`);
    this.facts = facts;
  }
}

/** Characters of one fact in a message; the facts themselves are kept whole. */
const FACT_LENGTH_MAX = 300;

function show(fact: unknown): string {
  try {
    return String(typeof fact === 'object' ? JSON.stringify(fact) : fact).slice(0, FACT_LENGTH_MAX);
  } catch {
    // Cycles and bigints cannot be shown; the report must not fail over that.
    return 'unprintable';
  }
}

/** States an invariant. It stays on in production: stopping beats posting a wrong point. */
export function assert(
  condition: unknown,
  message: string,
  ...facts: unknown[]
): asserts condition {
  if (!condition) throw new Bug(message, facts);
}

/** Closes a switch: a new kind is a compile error wherever it has to be thought about. */
export function unreachable(value: never): never {
  throw new Bug('unreachable', [value]);
}

/** Insists that a value is there. */
export function must<T>(value: T | undefined | null, message: string): T {
  if (value === undefined || value === null) throw new Bug(message, []);
  return value;
}
