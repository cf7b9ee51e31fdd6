import type { Book, SentLot, SlowCounter, SlowDay, SlowMember } from './book.ts';
import type { Document } from './programme.ts';
import type { SlowTopUp } from './top-ups.ts';

/** What the parts of the slow ledger see of each other. */
export interface Desk {
  readonly members: Map<string, SlowMember>;
  /** Relays that nobody has answered, by id. */
  readonly relays: Map<string, SlowRelay>;
  /** Whose the cards and phones are that this partition keeps. */
  readonly identities: Map<string, SlowIdentity>;
  /** What merged members brought along. */
  readonly belongings: Map<string, SlowBelongings>;
  /** Top-ups that were handed on, by their names, and which of them were refused. */
  readonly topUps: Map<string, SlowTopUp>;
  readonly topUpsBack: Set<string>;
  /** The current version's. */
  document(): Document;
  /** A settled book on a copy of the member: nothing is kept of what is refused afterwards. */
  bookOf(id: string, at: number, zone?: string): Book | undefined;
  /** Writes a relay down; its sender waits for the answer. */
  send(from: SlowMember, to: string, act: SlowAct, position?: number): void;
}

/** A reason, where something is refused; else the book, if anybody's was touched. */
export type Verdict =
  | { readonly refused: string }
  | { readonly refused?: undefined; readonly book?: Book | undefined };

export interface SlowIdentity {
  readonly member: string;
  readonly state: 'active' | 'blocked';
}

export interface SlowRelay {
  readonly from: string;
  readonly to: string;
  readonly act: SlowAct;
}

export type SlowAct =
  | { readonly act: 'receive'; readonly member: string; readonly lots: readonly SentLot[] }
  | ({ readonly act: 'absorb' } & SlowBelongings)
  | ({ readonly act: 'release' } & SlowBelongings)
  | {
      readonly act: 'correct';
      readonly member: string;
      readonly corrections: readonly SlowCorrection[];
      readonly usage: readonly UsedOf[];
    }
  | { readonly act: 'deliver'; readonly member: string; readonly checkout: string }
  | {
      readonly act: 'claim';
      readonly identifier: string;
      readonly member: string;
      readonly holder: string | undefined;
    }
  | {
      readonly act: 'mark';
      readonly identifier: string;
      readonly member: string;
      readonly state: string;
    };

export interface SlowBelongings {
  /** The survivor. */
  readonly member: string;
  readonly merged: string;
  readonly lots: readonly SentLot[];
  readonly pending: readonly SentPromise[];
  readonly debts: readonly { readonly type: string; readonly points: number }[];
  readonly identifiers: readonly string[];
  readonly checkouts: number;
  readonly history: readonly ({ readonly day: number } & SlowDay)[];
  readonly usage: readonly UsedOf[];
}

export interface SentPromise {
  readonly type: string;
  readonly issuer: string;
  readonly checkout: string;
  readonly promotion: string;
  readonly creditAt: number | undefined;
  readonly validFrom: number | undefined;
  readonly points: number;
}

export interface UsedOf extends SlowCounter {
  readonly key: string;
}

export interface SlowCorrection {
  readonly type: string;
  readonly correction: 'revoke' | 'give-back';
  readonly partner: string;
  readonly promotion: string;
  readonly checkout: string;
  readonly lot: string;
  readonly points: number;
  readonly earnedAt: number | undefined;
}

/** Who is closed or merged into another one neither earns nor spends. */
export function whyNotOpen({ standing }: SlowMember): string | undefined {
  return standing.kind === 'open' ? undefined : `member-${standing.kind}`;
}
