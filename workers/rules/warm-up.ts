/** Threads of this process hear here which version they are to compile. */
export const WARM_UP_CHANNEL = 'arbiter-warm-up';

/** Asks one thread to compile a version; the thread says the same as `warmed` when it has. */
export interface WarmUp {
  readonly kind: 'warm' | 'warmed';
  readonly thread: number;
  readonly hash: string;
}
