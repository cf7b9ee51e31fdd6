import { assert } from '../assert.ts';
import { type MinorUnits, minorUnits, type Points, points } from '../money/units.ts';
import { soldBy } from '../outcome/outcome.ts';
import { parseLotName } from './lots.ts';
import type { LedgerRecord } from './record.ts';

/** Who stands for points that no partner issued, and for sales of no partner. */
export const PROGRAMME = 'programme';
/** Who gets what rounding leaves over. */
export const ROUNDING = 'rounding';

/** What one party owes another for a period, in one currency. */
export interface Debt {
  readonly debtor: string;
  readonly creditor: string;
  readonly currency: string;
  /** Points of the debtor that were redeemed at the creditor, less what came back; by type. */
  readonly points: ReadonlyMap<string, Points>;
  /** What those points are worth. */
  readonly redeemed: MinorUnits;
  /** Discounts at the creditor that the debtor pays for, less what came back. */
  readonly contributed: MinorUnits;
  readonly owed: MinorUnits;
}

/** What a party gets in all, or pays where it is below zero. */
export interface NetPosition {
  readonly party: string;
  readonly currency: string;
  readonly net: MinorUnits;
}

export interface SettlementStatement {
  readonly debts: readonly Debt[];
  /** Sum to zero in every currency. */
  readonly nets: readonly NetPosition[];
}

interface Draft {
  readonly debtor: string;
  readonly creditor: string;
  readonly currency: string;
  readonly points: Map<string, number>;
  contributed: number;
}

/**
 * What the partners of a programme owe each other: who issued points pays whoever accepted them,
 * and who funds a discount pays whoever gave it. It is a sum over ledger records, so a statement
 * of a period comes out the same whenever it is made.
 */
export class Settlement {
  readonly #drafts = new Map<string, Draft>();

  add(record: LedgerRecord): void {
    if (record.outcome.status === 'rejected') return;
    for (const move of record.transfers) {
      const isRedemption = move.movement === 'redemption';
      if (!isRedemption && move.movement !== 'redemption-reversal') continue;
      const account = isRedemption ? move.to : move.from;
      assert(account.startsWith('accepted:'), 'points were redeemed at nobody', record.id);
      const creditor = account.slice('accepted:'.length);
      const issuer = parseLotName(move.lot).issuer;
      const draft = this.#draft(issuer === '' ? PROGRAMME : issuer, creditor, record.currency);
      const sign = isRedemption ? 1 : -1;
      draft.points.set(move.unit, (draft.points.get(move.unit) ?? 0) + sign * move.points);
    }
    this.#addContributions(record);
  }

  #addContributions({ outcome, partner: seller, currency }: LedgerRecord): void {
    if (outcome.status === 'rejected') return;
    const creditor = seller === '' ? PROGRAMME : seller;
    for (const { partner, amount } of soldBy(outcome)?.contributions ?? []) {
      this.#draft(partner, creditor, currency).contributed += amount;
    }
    for (const { partner, amount } of outcome.reversal?.contributions ?? []) {
      this.#draft(partner, creditor, currency).contributed -= amount;
    }
  }

  #draft(debtor: string, creditor: string, currency: string): Draft {
    const key = JSON.stringify([currency, debtor, creditor]);
    const known = this.#drafts.get(key);
    if (known) return known;
    const draft = { debtor, creditor, currency, points: new Map<string, number>(), contributed: 0 };
    this.#drafts.set(key, draft);
    return draft;
  }

  /** The statement, with points valued as the rule set does. */
  statement(moneyOf: (type: string, points: Points) => MinorUnits): SettlementStatement {
    const value = (type: string, amount: number): number =>
      amount < 0 ? -moneyOf(type, points(-amount)) : moneyOf(type, points(amount));
    // Nobody owes anything to himself.
    const drafts = [...this.#drafts.values()].filter(({ debtor, creditor }) => debtor !== creditor);
    const debts = drafts.map((draft) => debtOf(draft, value));
    const all = [...debts, ...residuals(drafts, value)]
      .filter((debt) => debt.owed !== 0 || debt.points.size > 0)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return { debts: all, nets: netsOf(all) };
  }
}

const keyOf = (debt: Debt): string => `${debt.currency}\n${debt.debtor}\n${debt.creditor}`;

type Value = (type: string, amount: number) => number;

function debtOf(draft: Draft, value: Value): Debt {
  const { debtor, creditor, currency, contributed } = draft;
  const byType = [...draft.points].sort(([a], [b]) => (a < b ? -1 : 1));
  const redeemed = byType.reduce((sum, [type, amount]) => sum + value(type, amount), 0);
  return {
    ...{ debtor, creditor, currency },
    points: new Map(byType.map(([type, amount]) => [type, points(amount)])),
    redeemed: minorUnits(redeemed),
    contributed: minorUnits(contributed),
    owed: minorUnits(redeemed + contributed),
  };
}

/** What valuing each pair on its own has cut off, in each currency: the programme's to pay. */
function residuals(drafts: readonly Draft[], value: Value): Debt[] {
  return [...new Set(drafts.map((draft) => draft.currency))].map((currency) => {
    const here = drafts.filter((draft) => draft.currency === currency);
    const types = new Set(here.flatMap((draft) => [...draft.points.keys()]));
    let owed = 0;
    for (const type of types) {
      const each = here.map((draft) => draft.points.get(type) ?? 0);
      const total = each.reduce((sum, amount) => sum + amount, 0);
      owed += value(type, total) - each.reduce((sum, amount) => sum + value(type, amount), 0);
    }
    const nothing = minorUnits(0);
    return {
      ...{ debtor: PROGRAMME, creditor: ROUNDING, currency, points: new Map() },
      ...{ redeemed: nothing, contributed: nothing, owed: minorUnits(owed) },
    };
  });
}

function netsOf(debts: readonly Debt[]): NetPosition[] {
  const nets = new Map<string, NetPosition>();
  const add = (party: string, currency: string, amount: number): void => {
    const key = JSON.stringify([currency, party]);
    const net = minorUnits((nets.get(key)?.net ?? 0) + amount);
    nets.set(key, { party, currency, net });
  };
  for (const { debtor, creditor, currency, owed } of debts) {
    add(debtor, currency, -owed);
    add(creditor, currency, owed);
  }
  const list = [...nets.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, net]) => net);
  const rest = list.reduce((sum, { net }) => sum + net, 0);
  assert(rest === 0, 'a settlement does not net to zero', rest);
  return list;
}
