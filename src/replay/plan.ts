import { type Invoice, InvoiceBook } from './invoice-book.ts';
import { planCheckouts } from './plan-checkouts.ts';
import { planReturns } from './plan-returns.ts';
import type { PlanContext, PlanOptions, PlanStep } from './plan-step.ts';
import { Purchases } from './purchases.ts';
import { readRow } from './read-row.ts';
import type { RetailRow } from './retail-row.ts';

/**
 * The plan of a replay: rows in the order of the file → transactions in the order to be sent,
 * and a reason for every row that is in none. Pure, and the same for the same rows: so a second
 * run of the same file sends the same transactions under the same ids, and changes nothing.
 *
 * It holds the few invoices that are still open and what can still be brought back; nothing else.
 */
export class ReplayPlan {
  readonly #options: PlanOptions;
  readonly #invoices = new InvoiceBook();
  readonly #purchases: Purchases;
  readonly #enrolled = new Set<string>();

  constructor(options: PlanOptions) {
    this.#options = options;
    this.#purchases = new Purchases(options.purchasesRememberedMax);
  }

  /** Purchases dropped to stay within the memory limit. */
  get purchasesForgotten(): number {
    return this.#purchases.forgotten;
  }

  /** The next row of the file; `undefined` is a row that is not even one. */
  *push(raw: RetailRow | undefined): Generator<PlanStep> {
    const read = readRow(raw);
    if (!read.ok) {
      yield { kind: 'rejected', reason: read.reason, rows: 1 };
      return;
    }
    const added = this.#invoices.add(read.row);
    if (added.refused !== undefined) yield { kind: 'rejected', reason: added.refused, rows: 1 };
    if (added.complete !== undefined) yield* this.#planInvoice(added.complete);
  }

  /** The file has ended. */
  *end(): Generator<PlanStep> {
    for (const invoice of this.#invoices.closeAll()) yield* this.#planInvoice(invoice);
  }

  *#planInvoice(invoice: Invoice): Generator<PlanStep> {
    const context: PlanContext = {
      options: this.#options,
      purchases: this.#purchases,
      enrolled: this.#enrolled,
    };
    if (invoice.isReturn) yield* planReturns(invoice, context);
    else yield* planCheckouts(invoice, context);
  }
}

/** The whole plan of some rows at once. */
export function* planReplay(
  rows: Iterable<RetailRow | undefined>,
  options: PlanOptions,
): Generator<PlanStep> {
  const plan = new ReplayPlan(options);
  for (const row of rows) yield* plan.push(row);
  yield* plan.end();
}
