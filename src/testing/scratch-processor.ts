import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from 'nats';
import { TransactionClient } from '../client/transaction-client.ts';
import { connectNats, type NatsLogin } from '../nats/connection.ts';
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

  readonly #login: NatsLogin;

  private constructor(nats: ScratchNats, storePath: string, login: NatsLogin) {
    this.nats = nats;
    this.storePath = storePath;
    this.#login = login;
  }

  /** On an open server, or on one with a configuration that asks who we are. */
  static async start(
    server: { readonly configuration?: string; readonly login?: NatsLogin } = {},
  ): Promise<ScratchProcessor> {
    const folder = mkdtempSync(join(tmpdir(), 'arbiter-processor-'));
    const nats = await ScratchNats.start(server.configuration);
    const scratch = new ScratchProcessor(nats, folder, server.login ?? {});
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
    const [servers, login] = [[this.nats.url], this.#login];
    this.#connection = await connectNats({ servers, login, name: 'test' });
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
