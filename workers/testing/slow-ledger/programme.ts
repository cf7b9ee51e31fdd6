import { type Day, type SlowValidity, startOfDayIn } from './calendar.ts';
import type { DocumentTierGroup } from './tiers.ts';

/**
 * A rule-set document as far as the slow ledger reads it: the JSON that operators write, with the
 * defaults left out. What the promotions do is the arbitration's business.
 */
export interface Document {
  readonly program: {
    readonly id: string;
    readonly timezone: string;
    readonly currency: { readonly code: string; readonly exponent: number };
    readonly settings: {
      readonly consumption: 'expiry' | 'fifo';
      readonly graceDays: number;
      /** The slow ledger parks nothing. */
      readonly parkReturns: 'PT0S' | 'PT6H' | 'P7D';
      readonly lateAfter: string;
      readonly shortBalance: 'partial' | 'skip' | 'reject';
      readonly transferValidity: 'keep' | 'reset';
      readonly returns: ReturnPolicy;
    };
  };
  readonly pointTypes: readonly DocumentPointType[];
  readonly tierGroups: readonly DocumentTierGroup[];
  readonly places: readonly {
    readonly id: string;
    readonly kind: string;
    readonly parent?: string;
    readonly zone?: string;
    readonly partner?: string;
  }[];
  readonly partners: readonly {
    readonly id: string;
    readonly roles?: readonly string[];
    readonly block?: DocumentBlock;
  }[];
  readonly arbitration: {
    readonly mode: 'sequential';
    readonly children: readonly DocumentPromotion[];
  };
}

/** Points that a partner has paid for: money, and what a point costs. */
export interface DocumentBlock {
  readonly balance: number;
  readonly perPoint: number;
}

export type ReturnPolicy = 'keep' | 'reevaluate' | 'return-group';

/** A promotion as far as the ledger has to do with it. */
export interface DocumentPromotion {
  readonly promotion: string;
  readonly type: string;
  readonly deducts?: boolean;
  readonly returns?: ReturnPolicy;
  readonly when?: Readonly<Record<string, unknown>>;
  readonly benefits: { readonly list: readonly DocumentBenefit[] };
  readonly [more: string]: unknown;
}

interface DocumentBenefit {
  readonly points?: {
    readonly type?: string;
    readonly fixed?: number;
    readonly range?: { readonly from: number; readonly to: number };
    readonly [more: string]: unknown;
  };
  readonly [more: string]: unknown;
}

export interface DocumentPointType {
  readonly id: string;
  readonly kind: 'standard' | 'qualification';
  readonly precision: number;
  readonly validity?: SlowValidity;
  readonly validFrom?: 'activation' | 'earning';
  readonly refund: boolean;
  readonly negative: 'unlimited' | 'within-balance' | 'only-pending';
  readonly initialBalance: number;
  readonly deactivateAt?: Day;
  /** Points that one person may move by hand. */
  readonly adjustUpTo?: number;
  readonly topUp?: { readonly at: number };
  readonly tierGroup?: string;
}

/** A version that is or was current in a partition. */
export interface Version {
  readonly number: number;
  readonly hash: string;
  readonly document: Document;
}

/** `PT5M`: the only form that the documents of these tests use. */
export function lateAfterOf(document: Document): number {
  return Number(/^PT(\d+)M$/.exec(document.program.settings.lateAfter)?.[1]) * 60_000;
}

/** How long a return waits for its checkout, in milliseconds. */
export function parkingOf({ program }: Document): number {
  return { PT0S: 0, PT6H: 6 * 3_600_000, P7D: 7 * 86_400_000 }[program.settings.parkReturns];
}

export function typeIn(document: Document, id: string): DocumentPointType | undefined {
  return document.pointTypes.find((type) => type.id === id);
}

/** The zone of a store, else the programme's. Stores of these tests name their own. */
export function zoneOf(document: Document, store: string | undefined): string {
  const place = document.places.find(({ id }) => id === store);
  return place?.zone ?? document.program.timezone;
}

export function partnerOf(document: Document, store: string | undefined): string | undefined {
  return document.places.find(({ id }) => id === store)?.partner;
}

/** From the first instant of its day on, a deactivated type is neither given nor spent. */
export function isDeactivated(document: Document, id: string, at: number): boolean {
  const day = typeIn(document, id)?.deactivateAt;
  return day !== undefined && startOfDayIn(document.program.timezone, day) <= at;
}

/** True when partitions have to share something. */
export function sharesBudgets({ arbitration, partners }: Document): boolean {
  const limits = arbitration.children.map((child) => Object(child['limits']));
  return partners.some(({ block }) => block) || limits.some(({ budget }) => budget);
}

/** The limits of a shared budget, in the units of its counter. */
export function limitsOf(
  document: Document,
  key: string,
): { readonly uses?: number; readonly units?: number; readonly points?: number } | undefined {
  const [name = ''] = key.split('|');
  const block = document.partners.find(({ id }) => `block:${id}` === name)?.block;
  if (block) return { units: block.balance * 1_000 };
  const promotion = document.arbitration.children.find((child) => child.promotion === name);
  const { budget } = Object(promotion?.['limits']);
  const [benefit] = promotion?.benefits.list ?? [];
  const paid = Object(benefit?.['pay-with-points']);
  const type = typeIn(document, benefit?.points?.type ?? paid.type ?? 'main');
  return budget && { ...budget, points: budget.points * 10 ** (type?.precision ?? 0) };
}
