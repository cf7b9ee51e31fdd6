import type { NormalForm } from './normal-form.ts';

/** Threads of this process hear here which version they are to compile. */
export const WARM_UP_CHANNEL = 'arbiter-warm-up';

/**
 * Asks one thread to have a version ready, which it compiles from its document where the normal
 * form is not at hand. The thread says the same as `warmed` when it has.
 */
export interface WarmUp {
  readonly kind: 'warm' | 'warmed';
  readonly thread: number;
  readonly hash: string;
  readonly normal?: NormalForm | undefined;
}
