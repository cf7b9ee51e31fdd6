import { randomUUID } from 'node:crypto';
import type { WhatIfProgress } from '../../ops/what-if/what-if.ts';
import { Fault, messageOf } from '../fault.ts';
import type { WhatIfAnswer, WhatIfTask } from './thread.ts';
import type { RunningWhatIf, TrialPool } from './trial-pool.ts';

/** What-ifs that may run or wait; more are refused, because each keeps a processor busy. */
export const WHAT_IFS_OPEN_MAX = 8;
/** What-ifs that are remembered, with their reports; the oldest that has ended goes first. */
export const WHAT_IFS_KEPT_MAX = 32;

export type WhatIfAsk = Omit<WhatIfTask, 'storePath' | 'control'>;

/** A what-if as somebody sees it who asks how it goes. */
export interface WhatIfView {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'refused' | 'failed';
  readonly asked: Pick<WhatIfAsk, 'from' | 'to' | 'region' | 'partner'>;
  readonly progress: WhatIfProgress;
  /** Once it has ended. */
  readonly answer?: WhatIfAnswer;
  readonly failure?: string;
}

interface Entry {
  readonly id: string;
  /** The question as text: the same key has to mean the same question. */
  readonly question: string;
  readonly asked: WhatIfView['asked'];
  readonly running: RunningWhatIf;
  answer: WhatIfAnswer | undefined;
  failure: string | undefined;
}

/** Takes what-ifs in, and tells how they go. They live as long as the process. */
export class WhatIfDesk {
  readonly #pool: Pick<TrialPool, 'whatIf'>;
  readonly #entries = new Map<string, Entry>();

  constructor(pool: Pick<TrialPool, 'whatIf'>) {
    this.#pool = pool;
  }

  /** Begins one. With a key, asking again gives the one that was begun. */
  begin(ask: WhatIfAsk, key?: string): WhatIfView {
    const question = JSON.stringify(ask);
    const known = key === undefined ? undefined : this.#entries.get(key);
    if (known) {
      if (known.question === question) return viewOf(known);
      const message = 'the idempotency key was used for another question';
      throw new Fault('idempotency-key-reused', message, { retry: 'no' });
    }
    const open = [...this.#entries.values()].filter(isOpen).length;
    if (open >= WHAT_IFS_OPEN_MAX) {
      const message = `${open} what-ifs run or wait; cancel one, or wait for it`;
      throw new Fault('too-many-what-ifs', message, { retry: 'after-backoff' });
    }
    this.#forgetOldest();
    const { from, to, region, partner } = ask;
    const entry: Entry = {
      id: key ?? randomUUID(),
      question,
      asked: { from, to, region, partner },
      running: this.#pool.whatIf(ask),
      answer: undefined,
      failure: undefined,
    };
    this.#entries.set(entry.id, entry);
    void follow(entry);
    return viewOf(entry);
  }

  #forgetOldest(): void {
    for (const [id, entry] of this.#entries) {
      if (this.#entries.size < WHAT_IFS_KEPT_MAX) return;
      if (!isOpen(entry)) this.#entries.delete(id);
    }
  }

  find(id: string): WhatIfView | undefined {
    const entry = this.#entries.get(id);
    return entry && viewOf(entry);
  }

  /** The newest first. */
  list(): readonly WhatIfView[] {
    return [...this.#entries.values()].map(viewOf).reverse();
  }

  /** Ends one at its next step; one that has ended stays as it is. */
  cancel(id: string): WhatIfView | undefined {
    const entry = this.#entries.get(id);
    entry?.running.control.cancel();
    return entry && viewOf(entry);
  }
}

async function follow(entry: Entry): Promise<void> {
  try {
    entry.answer = await entry.running.answer;
  } catch (error) {
    entry.failure = messageOf(error);
  }
}

function isOpen({ answer, failure }: Entry): boolean {
  return answer === undefined && failure === undefined;
}

function viewOf({ id, asked, running, answer, failure }: Entry): WhatIfView {
  const head = { id, asked, progress: running.control.progress };
  if (failure !== undefined) return { ...head, state: 'failed', failure };
  if (!answer) return { ...head, state: 'running' };
  const refused = answer.kind === 'refused' || answer.kind === 'does-not-compile';
  return { ...head, state: refused ? 'refused' : answer.kind, answer };
}
