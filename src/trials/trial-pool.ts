import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import type { ChainVerdict } from '../../ops/audit/chain.ts';
import type { CompiledDocument } from '../../ops/rules/compile.ts';
import type { Counts } from '../../ops/rules/counts.ts';
import { ThreadPool } from '../pool/thread-pool.ts';
import type { RecordedTransaction } from '../replay-decision/find-transaction.ts';
import type { LookTask, Replayed } from './look-back.ts';
import type { OrderTested } from './test-order.ts';
import type { CountTask, TestOrderTask, WhatIfAnswer, WhatIfTask, YamlRead } from './thread.ts';
import { TrialControl } from './trial-control.ts';

const THREAD = new URL('./thread.ts', import.meta.url).href;
/** A what-if keeps the members and what others name in memory. */
const WHAT_IF_HEAP_MIB = 2_048;
const TEST_HEAP_MIB = 512;
const RULES_HEAP_MIB = 512;
const YOUNG_MIB = 16;
/** Behind all that serves tills, and far enough forward to get on beside them. */
const NICE_INCREMENT = 10;

/** A what-if under way. */
export interface RunningWhatIf {
  readonly control: TrialControl;
  readonly answer: Promise<WhatIfAnswer>;
}

/**
 * Threads of their own for trials, apart from those that serve tills: one for what-ifs, which
 * run one after the other, one for tests and checks, so that an operator does not wait for a
 * what-if, and one that compiles what is published.
 */
export class TrialPool {
  readonly #storePath: string;
  readonly #niceIncrement: number;
  readonly #running = new Set<TrialControl>();
  #whatIfs: ThreadPool | undefined;
  #tests: ThreadPool | undefined;
  #rules: ThreadPool | undefined;

  constructor(storePath: string, { niceIncrement = NICE_INCREMENT } = {}) {
    this.#storePath = storePath;
    this.#niceIncrement = niceIncrement;
  }

  /** Test mode: what an order would give. */
  test(task: Omit<TestOrderTask, 'storePath'>): Promise<OrderTested> {
    return this.#testThread().run(
      { ...task, storePath: this.#storePath },
      { name: 'testOrderTask' },
    );
  }

  /** Compiles a document that is about to be published: somebody waits for it. */
  compile(document: unknown): Promise<CompiledDocument> {
    return this.#ruleThread().run(document, { name: 'compileTask' });
  }

  /** Reads a rule set that came as YAML. */
  readYaml(text: string): Promise<YamlRead> {
    return this.#testThread().run(text, { name: 'readYamlTask' });
  }

  writeYaml(document: unknown, head: string): Promise<string> {
    return this.#testThread().run({ document, head }, { name: 'writeYamlTask' });
  }

  count(task: CountTask): Promise<Counts> {
    return this.#ruleThread().run(task, { name: 'countTask' });
  }

  #ruleThread(): ThreadPool {
    this.#rules ??= newPool(RULES_HEAP_MIB, 0);
    return this.#rules;
  }

  /** Looks for everything that is wrong with a document, for seconds if it is large. */
  check(document: unknown): Promise<readonly Diagnostic[]> {
    return this.#testThread().run(document, { name: 'checkTask' });
  }

  /** A transaction of the past, from the ledger. */
  find(transaction: string): Promise<RecordedTransaction | undefined> {
    const task: LookTask = { storePath: this.#storePath, transaction };
    return this.#ruleThread().run(task, { name: 'findTask' });
  }

  /** Decides it again. */
  replay(transaction: string, version: string | undefined): Promise<Replayed> {
    const task: LookTask = { storePath: this.#storePath, transaction, version };
    return this.#testThread().run(task, { name: 'replayTask' });
  }

  /** Checks a whole audit list. */
  verifyAudit(path: string): Promise<ChainVerdict & { readonly hash: string }> {
    return this.#testThread().run(path, { name: 'verifyAuditTask' });
  }

  #testThread(): ThreadPool {
    this.#tests ??= newPool(TEST_HEAP_MIB, this.#niceIncrement);
    return this.#tests;
  }

  whatIf(asked: Omit<WhatIfTask, 'storePath' | 'control'>): RunningWhatIf {
    this.#whatIfs ??= newPool(WHAT_IF_HEAP_MIB, this.#niceIncrement);
    const control = new TrialControl();
    this.#running.add(control);
    const task: WhatIfTask = { ...asked, storePath: this.#storePath, control: control.shared };
    const answer = this.#whatIfs
      .run<WhatIfAnswer>(task, { name: 'whatIfTask' })
      .finally(() => this.#running.delete(control));
    return { control, answer };
  }

  /** Cancels what runs and ends the threads. */
  async close(): Promise<void> {
    for (const control of this.#running) control.cancel();
    await Promise.all([this.#whatIfs?.close(), this.#tests?.close(), this.#rules?.close()]);
  }
}

function newPool(heapMib: number, niceIncrement: number): ThreadPool {
  return new ThreadPool({
    filename: THREAD,
    threads: 1,
    workerData: undefined,
    heapMib,
    youngMib: YOUNG_MIB,
    niceIncrement,
  });
}
