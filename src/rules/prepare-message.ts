import type { Verdict } from '../../ops/rules/ports.ts';

/** Where every processor listens for versions that are to become current. */
export const PREPARE_SUBJECT = 'rules.prepare';

/** The question: can you use this version? */
export interface PrepareRequest {
  readonly version: number;
  readonly hash: string;
}

/** A processor answers twice: at once that it is there, and when it is done, its verdict. */
export type PrepareAnswer =
  | { readonly kind: 'here'; readonly processor: string; readonly partitions: readonly number[] }
  | ({ readonly kind: 'verdict' } & Verdict);
