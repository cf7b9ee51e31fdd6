import type { ReturnJson } from '../generate/transaction-json.ts';
import type { Invoice } from './invoice-book.ts';
import { storeOf } from './plan-checkouts.ts';
import { note, type PlanContext, type PlanStep, type Ticket } from './plan-step.ts';
import type { GoodRow, UnmatchedReason } from './retail-row.ts';

/**
 * A `C` invoice names no purchase, so each of its rows is matched to what the same customer
 * bought of the same stock code, the newest purchase first, within what is left of each. A row
 * may so be split over several checkouts; every checkout that is touched gets one `return`. What
 * no purchase is left for is unmatched, and the row counts as returned in part.
 */
export function* planReturns(invoice: Invoice, context: PlanContext): Generator<PlanStep> {
  const returns = new Map<string, Draft>();
  for (const row of invoice.rows) yield* matchRow(row, returns, context);

  for (const [checkout, draft] of returns) {
    const transaction: ReturnJson = {
      id: `${context.options.idPrefix}/${invoice.number}/${lastPart(checkout, context)}`,
      kind: 'return',
      member: invoice.customer,
      checkout,
      lines: [...draft.lines].map(([id, quantity]) => ({ id, quantity })),
      store: storeOf(invoice.country),
      occurredAt: invoice.occurredAt,
    };
    yield { kind: 'send', planned: { transaction, tickets: draft.tickets } };
  }
}

/** A return in the making: quantities by line, and the rows they come from. */
interface Draft {
  readonly lines: Map<string, number>;
  readonly tickets: Ticket[];
}

function* matchRow(
  row: GoodRow,
  returns: Map<string, Draft>,
  context: PlanContext,
): Generator<PlanStep> {
  if (row.customer === '') {
    yield* unmatched('return-anonymous', row.quantity);
    return;
  }
  const { matches, unmatched: left, wasBought } = context.purchases.bringBack(row, row.quantity);
  if (matches.length === 0) {
    yield* unmatched(wasBought ? 'return-all-back' : 'return-never-bought', row.quantity);
    return;
  }
  yield note('units-back', row.quantity - left);
  yield note('units-unmatched', left);

  const checkouts = new Set(matches.map((match) => match.checkout));
  const use = left > 0 ? 'returned-in-part' : 'returned';
  const ticket: Ticket = { rows: 1, use, waitsFor: checkouts.size };
  for (const checkout of checkouts) draftOf(returns, checkout).tickets.push(ticket);
  for (const match of matches) {
    const { lines } = draftOf(returns, match.checkout);
    lines.set(match.line, (lines.get(match.line) ?? 0) + match.quantity);
  }
}

function* unmatched(reason: UnmatchedReason, units: number): Generator<PlanStep> {
  yield { kind: 'unmatched', reason, rows: 1 };
  yield note('units-unmatched', units);
}

function draftOf(returns: Map<string, Draft>, checkout: string): Draft {
  const known = returns.get(checkout);
  if (known !== undefined) return known;
  const draft: Draft = { lines: new Map(), tickets: [] };
  returns.set(checkout, draft);
  return draft;
}

/** The named checkout's id without the prefix: cancellation and checkout make the id unique. */
function lastPart(checkout: string, context: PlanContext): string {
  return checkout.slice(context.options.idPrefix.length + 1);
}
