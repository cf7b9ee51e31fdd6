import type { DiagnosticCode } from './diagnostic-codes.ts';

/**
 * A checkout as a sender would write it, which shows what a warning is about, and its member as
 * `arbiter evaluate --member` takes it.
 */
export interface Witness {
  readonly checkout: Readonly<Record<string, unknown>>;
  readonly member?: Readonly<Record<string, unknown>>;
}

/** One problem of a rule set, in the operator's words. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable, lower case, documented. */
  readonly code: DiagnosticCode;
  /** JSON pointer into the document, `''` for the whole of it. */
  readonly path: string;
  /** What is wrong, with the offending value in backticks. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** Of a warning: a checkout in which it shows, where one was found. */
  readonly witness?: Witness | undefined;
}

/** What a stage of the compiler returns: its value, or every problem it found. */
export type Compiled<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Problems reported for one document. Who made more of them has another problem. */
export const DIAGNOSTICS_MAX = 200;

/** Collects the problems of a stage. */
export class Problems {
  readonly #found: Diagnostic[] = [];
  #errors = 0;

  error(problem: Omit<Diagnostic, 'severity'>): void {
    this.#errors += 1;
    this.#add({ severity: 'error', ...problem });
  }

  warn(problem: Omit<Diagnostic, 'severity'>): void {
    this.#add({ severity: 'warning', ...problem });
  }

  #add(diagnostic: Diagnostic): void {
    if (this.#found.length < DIAGNOSTICS_MAX) this.#found.push(diagnostic);
  }

  /** Errors so far, also those beyond the limit. */
  get errors(): number {
    return this.#errors;
  }

  get found(): readonly Diagnostic[] {
    return this.#found;
  }

  /** Closes the stage: the value when nothing is wrong with it. */
  close<T>(value: T | undefined): Compiled<T> {
    if (this.#errors > 0 || value === undefined) return { ok: false, diagnostics: this.#found };
    return { ok: true, value, warnings: this.#found };
  }
}

/** Appends a key to a JSON pointer. */
export function pointer(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** How a value of the document appears in a message: short, in backticks, on one line. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `\`${short.replaceAll(/[\p{Cc}`]/gu, ' ')}\``;
}
