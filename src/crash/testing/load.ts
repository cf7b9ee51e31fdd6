import type { NatsConnection } from 'nats';
import { TransactionClient } from '../../client/transaction-client.ts';
import { Answers } from './answers.ts';
import { differences, readLedger } from './ledger-check.ts';
import { PARTITIONS, type TestDeployment } from './test-deployment.ts';
import { Till } from './till.ts';

const TILLS = 6;
/** A till waits this long before it repeats; the client repeats much sooner by itself. */
const ANSWER_TIMEOUT_MS = 60_000;
const QUOTE_TIMEOUT_MS = 2_000;

/** The seed of a run: from `SEED`, or a new one; printed, so that a failure can be repeated. */
export function seedOf(name: string): number {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`${name}: SEED=${seed}\n`);
  return seed;
}

/** Tills that sell until they are told to stop, whatever happens to the deployment meanwhile. */
export class Load {
  readonly answers = new Answers();
  readonly connection: NatsConnection;
  readonly client: TransactionClient;
  readonly #deployment: TestDeployment;
  readonly #tills: Promise<void>[];
  #stopped = false;

  private constructor(deployment: TestDeployment, connection: NatsConnection, seed: number) {
    this.#deployment = deployment;
    this.connection = connection;
    this.client = new TransactionClient(connection, {
      partitions: PARTITIONS,
      answerTimeoutMs: ANSWER_TIMEOUT_MS,
      requestTimeoutMs: QUOTE_TIMEOUT_MS,
    });
    const { client, answers } = this;
    this.#tills = Array.from({ length: TILLS }, (_, number) =>
      new Till({ client, answers, seed, number }).work(() => this.#stopped),
    );
  }

  static async start(deployment: TestDeployment, seed: number): Promise<Load> {
    return new Load(deployment, await deployment.connect(), seed);
  }

  /** Durable outcomes that the tills know of. */
  get settled(): number {
    return this.answers.sent.size - this.client.unsettled;
  }

  /** Waits until the tills got that many more durable outcomes. */
  async progress(count: number): Promise<void> {
    const target = this.#answered() + count;
    await this.#deployment.waitFor(`${count} more outcomes`, () =>
      this.#answered() >= target ? true : undefined,
    );
  }

  /** Lets the tills finish what they have begun. */
  async finish(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#tills);
    await this.client.close();
    await this.connection.close();
  }

  /** What is wrong between the tills' memory and the ledger. The processor may have stopped. */
  async differences(): Promise<string[]> {
    return differences(this.answers, await readLedger(this.#deployment.layout.store, PARTITIONS));
  }

  #answered(): number {
    return this.answers.sent.size + this.answers.repeated - this.answers.unanswered.length;
  }
}
