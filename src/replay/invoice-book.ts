import type { GoodRow } from './retail-row.ts';

/**
 * Invoices held open. The rows of an invoice stand together but for a few strays, which are at
 * most a couple of invoices late.
 */
export const INVOICES_OPEN_MAX = 8;
/** Closed invoices whose numbers are remembered, to recognise a row that comes too late. */
export const INVOICES_REMEMBERED_MAX = 500_000;

/** Rows of one invoice, in the order of the file. Customer, country and time are its first's. */
export interface Invoice {
  readonly number: string;
  readonly isReturn: boolean;
  readonly customer: string;
  readonly country: string;
  readonly occurredAt: string;
  readonly rows: GoodRow[];
}

export interface Added {
  readonly refused: 'invoice-mixed' | 'invoice-closed' | undefined;
  /** The oldest open invoice, when this row made one too many. */
  readonly complete: Invoice | undefined;
}

/** Gathers rows into invoices, which leave in the order of their first rows. */
export class InvoiceBook {
  readonly #open = new Map<string, Invoice>();
  readonly #closed = new Set<string>();

  add(row: GoodRow): Added {
    const open = this.#open.get(row.invoice);
    if (open !== undefined) return { refused: join(open, row), complete: undefined };
    if (this.#closed.has(row.invoice)) return { refused: 'invoice-closed', complete: undefined };

    const complete = this.#open.size < INVOICES_OPEN_MAX ? undefined : this.#closeOldest();
    this.#open.set(row.invoice, {
      number: row.invoice,
      isReturn: row.invoice.startsWith('C'),
      customer: row.customer,
      country: row.country,
      occurredAt: row.occurredAt,
      rows: [row],
    });
    return { refused: undefined, complete };
  }

  /** The invoices that are still open, when the file has ended. */
  closeAll(): Invoice[] {
    const rest = [...this.#open.values()];
    this.#open.clear();
    return rest;
  }

  #closeOldest(): Invoice | undefined {
    const [oldest] = this.#open.values();
    if (oldest === undefined) return undefined;
    this.#open.delete(oldest.number);
    // A row later than that would become a second checkout under a used id, and be refused then.
    if (this.#closed.size >= INVOICES_REMEMBERED_MAX) this.#closed.clear();
    this.#closed.add(oldest.number);
    return oldest;
  }
}

function join(invoice: Invoice, row: GoodRow): 'invoice-mixed' | undefined {
  if (invoice.customer !== row.customer || invoice.country !== row.country) return 'invoice-mixed';
  invoice.rows.push(row);
  return undefined;
}
