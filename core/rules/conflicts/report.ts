import { DIAGNOSTICS_MAX, type Diagnostic, Problems, quoted } from '../diagnostic.ts';
import type { RuleSetDocument } from '../document.ts';
import type { NormalPromotion } from '../normal.ts';
import { promotionsBelow } from '../walk.ts';
import type { Finding } from './search.ts';

/** Questions named among those that could not be decided. */
const NAMED_MAX = 5;

/** Collects what a look at a rule set finds, and what it could not decide. */
export class Report {
  readonly #paths: ReadonlyMap<string, string>;
  readonly #problems = new Problems();
  readonly #undecided: string[] = [];
  /** Questions answered by a proof that nothing is wrong. */
  proved = 0;

  constructor({ arbitration }: RuleSetDocument) {
    const promotions = arbitration === undefined ? [] : [...promotionsBelow(arbitration)];
    this.#paths = new Map(promotions.map((one) => [one.promotion, one.path]));
  }

  /** True when no warning would be told any more. */
  get isFull(): boolean {
    return this.#problems.found.length >= DIAGNOSTICS_MAX - 1;
  }

  pathOf({ id }: NormalPromotion): string {
    return this.#paths.get(id) ?? '/arbitration';
  }

  warn(problem: Omit<Diagnostic, 'severity'>): void {
    this.#problems.warn(problem);
  }

  /** Warns of what was found with its witness, and keeps count of the rest. */
  tell(finding: Finding, what: string, problem: () => Omit<Diagnostic, 'severity'>): void {
    if (finding.kind === 'impossible') this.proved += 1;
    else if (finding.kind === 'not-decided') this.#undecided.push(what);
    else this.warn({ ...problem(), witness: finding.witness });
  }

  /** Says that something was not looked at. */
  leave(what: string): void {
    this.#undecided.push(what);
  }

  get undecided(): readonly string[] {
    return this.#undecided;
  }

  /** All warnings, the one about undecided questions last. */
  close(): readonly Diagnostic[] {
    const count = this.#undecided.length;
    if (count > 0) {
      const named = this.#undecided.slice(0, NAMED_MAX).join('; ');
      const more = count > NAMED_MAX ? `; and ${count - NAMED_MAX} more` : '';
      this.warn({
        code: 'not-decided',
        path: '',
        message: `${count} questions are neither shown nor proved: ${named}${more}`,
        hint: 'nothing is known to be wrong there; test it with a checkout of your own',
      });
    }
    return this.#problems.found;
  }
}

/** Two promotions by name, for a question that is not decided. */
export function bothNamed(one: NormalPromotion, two: NormalPromotion): string {
  return `${quoted(one.id)} and ${quoted(two.id)}`;
}
