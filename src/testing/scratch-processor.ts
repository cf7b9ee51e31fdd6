import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { TransactionClient } from '../client/transaction-client.ts';
import { connectNats } from '../nats/connection.ts';
import { createLogger } from '../observe/logger.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { Processor } from '../processor/processor.ts';
import { publishDocument } from '../rules/publish-document.ts';
import { TEST_RULE_SET } from './rule-set.ts';
import { ScratchNats } from './scratch-nats.ts';

const PARTITIONS = 4;

/** A real processor on a real nats-server, in temporary folders, for one test file. */
export class ScratchProcessor {
  readonly nats: ScratchNats;
  readonly storePath: string;
  readonly partitions = PARTITIONS;
  readonly metrics: Metrics = createMetrics();
  #connection: NatsConnection | undefined;
  #processor: Processor | undefined;
  #client: TransactionClient | undefined;

  private constructor(nats: ScratchNats, storePath: string) {
    this.nats = nats;
    this.storePath = storePath;
  }

  static async start(): Promise<ScratchProcessor> {
    const folder = mkdtempSync(join(tmpdir(), 'arbiter-processor-'));
    const scratch = new ScratchProcessor(await ScratchNats.start(), folder);
    await scratch.run();
    await publishDocument(scratch.processor.registry, {
      document: TEST_RULE_SET,
      author: 'test',
      note: '',
      partitions: PARTITIONS,
    });
    return scratch;
  }

  get processor(): Processor {
    if (!this.#processor) throw new Error('the processor does not run');
    return this.#processor;
  }

  get client(): TransactionClient {
    if (!this.#client) throw new Error('the processor does not run');
    return this.#client;
  }

  get connection(): NatsConnection {
    if (!this.#connection) throw new Error('the processor does not run');
    return this.#connection;
  }

  async run(): Promise<void> {
    this.#connection = await connectNats({ servers: [this.nats.url], name: 'test' });
    this.#client = new TransactionClient(this.#connection, { partitions: PARTITIONS });
    this.#processor = await Processor.start({
      connection: this.#connection,
      storePath: this.storePath,
      partitions: PARTITIONS,
      threads: 2,
      mapBytes: 2 ** 30,
      freeBytes: 2 ** 20,
      replicas: 1,
      tickSeconds: 0,
      logger: createLogger({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
      metrics: this.metrics,
    });
  }

  async halt(): Promise<void> {
    await this.#processor?.stop();
    await this.#client?.close();
    await this.#connection?.close();
    this.#processor = undefined;
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.nats.stop();
    rmSync(this.storePath, { recursive: true, force: true });
  }
}
