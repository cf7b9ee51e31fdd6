import { join } from 'node:path';
import { type JetStreamClient, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from 'nats';
import { must } from '../../core/assert.ts';
import type { PartitionMeta } from '../../core/ledger/partition-meta.ts';
import { failPoint } from '../../workers/fail-point.ts';
import { RulesStore } from '../../workers/rules/rules-store.ts';
import { RULES_FOLDER } from '../../workers/store/folders.ts';
import { TransactionClient } from '../client/transaction-client.ts';
import { messageOf } from '../fault.ts';
import { LedgerFollower, type Letters } from '../followers/ledger-follower.ts';
import { LeaseService } from '../lease/lease-service.ts';
import type { NearExchange } from '../nats/near-exchange.ts';
import { deadLetterSubject, ensureStreams, subjectOf, topUpSubject } from '../nats/streams.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { BatchReceipt, PartitionBatch, PipelinePorts } from '../pipeline/ports.ts';
import { WorkerPool } from '../pool/worker-pool.ts';
import { RelayService } from '../relay/relay-service.ts';
import { NatsProcessors } from '../rules/nats-processors.ts';
import { PrepareService, type Readiness } from '../rules/prepare-service.ts';
import { RuleRegistry } from '../rules/registry.ts';
import { Steward } from '../rules/steward.ts';
import { PartitionSource, type SourceEvent } from '../source/partition-source.ts';
import { Cursors } from '../store/cursors.ts';
import { type Deployment, openDeployment } from '../store/deployment.ts';
import { QuoteService } from './quote-service.ts';
import { type Snapshot, Statistics } from './statistics.ts';
import { StepTimes } from './step-times.ts';
import { Ticker, tickFor } from './ticker.ts';

export interface ProcessorOptions {
  readonly connection: NatsConnection;
  /** Shared with a client in this process. */
  readonly near?: NearExchange;
  /** Folder of the partitions' stores. */
  readonly storePath: string;
  /** Partitions of the deployment. */
  readonly partitions: number;
  /** Those that this process owns, where others have processes of their own; else all. */
  readonly owned?: readonly number[];
  readonly threads: number;
  readonly mapBytes: number;
  /** Bytes that stay free on the disk. */
  readonly freeBytes: number;
  readonly replicas: number;
  readonly tickSeconds: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Longest pause before a failed batch is tried again. */
const BACK_OFF_MILLISECONDS_MAX = 5_000;
const BACK_OFF_MILLISECONDS_START = 20;
/** A drain that takes longer waits for something that will not come, such as room on the disk. */
const DRAIN_MILLISECONDS_MAX = 10_000;

/**
 * The stream processor: reads the partitions' logs, has batches applied and committed by worker
 * threads, and tells the world what became durable. `stop` drains what was taken from the log.
 */
export class Processor {
  readonly deployment: Deployment;
  readonly registry: RuleRegistry;
  readonly pool: WorkerPool;
  readonly statistics = new Statistics();
  readonly #options: ProcessorOptions;
  readonly #stream: JetStreamClient;
  readonly #pipeline: Pipeline;
  /** By partition. */
  readonly #sources = new Map<number, PartitionSource>();
  readonly #heads = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  readonly #rules: RulesStore;
  readonly #cursors: Cursors;
  readonly #deadLetters: LedgerFollower;
  readonly #topUps: LedgerFollower;
  readonly #leases: LeaseService;
  readonly #client: TransactionClient;
  readonly #relays: RelayService;
  readonly #open = new Map<number, BatchReceipt['open']>();
  /** Partitions whose batch fails again and again, and why. */
  readonly #troubles = new Map<number, string>();
  readonly #stepTimes: StepTimes;
  #quotes: QuoteService | undefined;
  #ticker: Ticker | undefined;
  #prepares: PrepareService | undefined;
  #steward: Steward | undefined;

  private constructor(
    options: ProcessorOptions,
    parts: {
      readonly deployment: Deployment;
      readonly stream: JetStreamClient;
      readonly rules: RulesStore;
      readonly registry: RuleRegistry;
    },
  ) {
    this.#options = options;
    this.deployment = parts.deployment;
    this.#stream = parts.stream;
    this.#rules = parts.rules;
    this.registry = parts.registry;
    this.pool = new WorkerPool({
      storePath: options.storePath,
      partitions: options.partitions,
      mapBytes: options.mapBytes,
      freeBytes: options.freeBytes,
      threads: options.threads,
      fetchRuleSet: (hash) => this.registry.fetch(hash),
    });
    this.#cursors = new Cursors(join(options.storePath, 'cursors'));
    this.#stepTimes = new StepTimes(options.metrics.batchStepSeconds);
    this.#pipeline = new Pipeline(this.#ports(), {
      partitions: options.partitions,
      batchesInFlightMax: options.threads,
    });
    const { cursors, partitions } = { cursors: this.#cursors, partitions: this.partitions };
    this.#deadLetters = new LedgerFollower(
      {
        publish: async (partition, letter) => {
          await this.#stream.publish(deadLetterSubject(partition), letter);
        },
        scan: (partition, after) =>
          this.pool.read<Letters | undefined>('rejections', { partition, after }),
        onError: (err) => options.logger.warn({ err }, 'dead letter not published yet'),
      },
      { name: 'dead-letters', saveMilliseconds: 1_000, cursors, partitions },
    );
    this.#topUps = this.#topUpFollower();
    this.#leases = this.#leaseService();
    this.#client = new TransactionClient(options.connection, { partitions: options.partitions });
    this.#relays = this.#relayService();
  }

  /** Hands top-ups on; whoever pays them out knows them again by their ids. */
  #topUpFollower(): LedgerFollower {
    return new LedgerFollower(
      {
        publish: async (partition, letter) => {
          await this.#stream.publish(topUpSubject(partition), letter);
        },
        scan: (partition, after) =>
          this.pool.read<Letters | undefined>('topUpLetters', { partition, after }),
        onError: (err) => this.#options.logger.warn({ err }, 'top-up not published yet'),
      },
      {
        name: 'top-ups',
        saveMilliseconds: 1_000,
        cursors: this.#cursors,
        partitions: this.partitions,
      },
    );
  }

  #relayService(): RelayService {
    return new RelayService({
      list: (partition, limit) => this.pool.read('outgoing', { partition, limit }),
      submit: async (transaction) => {
        const [outcome] = await this.#client.submit([transaction]);
        return must(outcome, 'one transaction has one outcome');
      },
      onError: (err) => this.#options.logger.warn({ err }, 'relay not carried yet'),
    });
  }

  #leaseService(): LeaseService {
    const { logger } = this.#options;
    const courier = new LedgerFollower(
      {
        publish: async (_, letter) => {
          await this.#stream.publish(subjectOf(recipientOf(letter)), letter);
        },
        scan: (partition, after) =>
          this.pool.read<Letters | undefined>('leaseLetters', { partition, after }),
        onError: (err) => logger.warn({ err }, 'lease letter not published yet'),
      },
      // Letters are few and come in the ledger's order, so what is read again is soon read.
      {
        name: 'leases',
        saveMilliseconds: 10_000,
        cursors: this.#cursors,
        partitions: this.partitions,
      },
    );
    return new LeaseService(
      {
        answers: (partition, messages) => this.pool.answers(partition, messages),
        answer: (to, bytes) => this.#send(to, bytes),
        tick: (partition, now) => this.#stream.publish(...tickFor(partition, now)),
        onError: (err) => logger.warn({ err }, 'waiting checkout not answered yet'),
      },
      courier,
    );
  }

  /** Opens the store and the streams, takes the partitions over and starts to read. */
  static async start(options: ProcessorOptions): Promise<Processor> {
    const { connection, storePath, partitions, replicas } = options;
    const deployment = openDeployment(storePath, partitions);
    await ensureStreams(await jetstreamManager(connection), { partitions, replicas });
    const stream = jetstream(connection);
    const rules = new RulesStore(join(storePath, RULES_FOLDER));
    const registry = await RuleRegistry.open(connection, { stream, store: rules, replicas });
    const processor = new Processor(options, { deployment, stream, rules, registry });
    try {
      await processor.#run();
    } catch (error) {
      await processor.stop();
      throw error;
    }
    return processor;
  }

  get partitions(): readonly number[] {
    const { owned, partitions } = this.#options;
    return owned ?? Array.from({ length: partitions }, (_, partition) => partition);
  }

  async #run(): Promise<void> {
    const { connection, near, tickSeconds, logger, metrics } = this.#options;
    const metas = await Promise.all(this.partitions.map((p) => this.pool.open(p)));
    for (const meta of metas) this.#heads.set(meta.partition, meta.ledgerSequence);
    const manager = await jetstreamManager(connection);
    for (const meta of metas) {
      this.#sources.set(
        meta.partition,
        new PartitionSource({
          connection,
          manager,
          pipeline: this.#pipeline,
          partition: meta.partition,
          position: meta.source,
          onEvent: (event) => this.#sourceEvent(event),
        }),
      );
    }
    await Promise.all([...this.#sources.values()].map((source) => source.restart()));
    this.#deadLetters.start();
    this.#topUps.start();
    for (const { partition, waiting } of metas) this.#noteOpen(partition, waiting);
    this.#leases.start(metas.filter((meta) => meta.leaseWaits.length > 0).map((m) => m.partition));
    this.#quotes = new QuoteService({
      connection,
      near,
      pool: this.pool,
      partitions: this.partitions,
      onError: (err) => logger.error({ err }, 'quote failed'),
      onAnswered: (count) =>
        metrics.transactions.inc({ kind: 'quote', status: 'answered', reason: '' }, count),
    });
    this.#ticker = new Ticker(
      {
        hasDue: (partition, now) => this.pool.read<boolean>('hasDue', { partition, now }),
        publish: (subject, body) => this.#stream.publish(subject, body),
        onError: (err) => logger.warn({ err }, 'tick not published'),
      },
      this.partitions,
      tickSeconds,
    );
    this.#serveRules();
  }

  /** Answers for versions before they become current, and does what is planned or half done. */
  #serveRules(): void {
    const { connection, logger, partitions } = this.#options;
    const { registry } = this;
    this.#prepares = new PrepareService({
      connection,
      processor: this.deployment.id,
      partitions: this.partitions,
      prepare: (hash) => this.#prepare(hash),
      onError: (err) => logger.warn({ err }, 'no word on a rule-set version'),
    });
    const processors = new NatsProcessors({ connection, registry, partitions });
    this.#steward = new Steward({
      ports: { books: registry.books, processors, now: Date.now },
      finish: () => registry.finish(partitions),
      onRun: (schedule) => logger.info({ schedule }, 'scheduled version had its time'),
      onError: (err) => logger.warn({ err }, 'schedules not looked at'),
    });
  }

  async #prepare(hash: string): Promise<Readiness> {
    if (await this.registry.fetch(hash)) return this.pool.prepare(hash);
    return { hash: '', problems: ['the version is not in the bucket'] };
  }

  /** Where each partition stands. */
  metas(): Promise<PartitionMeta[]> {
    return Promise.all(
      this.partitions.map((partition) => this.pool.read<PartitionMeta>('meta', { partition })),
    );
  }

  /** Last durable ledger sequence per partition. Nobody may tell the world of a later one. */
  get heads(): ReadonlyMap<number, number> {
    return this.#heads;
  }

  /** Calls back whenever a ledger has grown; returns how to stop that. */
  onAdvance(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Messages in the log that have no durable outcome yet. */
  get lag(): number {
    const delivered = this.#pipeline.waiting.messages;
    return [...this.#sources.values()].reduce((sum, source) => sum + source.lag, delivered);
  }

  get queued(): { readonly messages: number; readonly bytes: number } {
    return this.#pipeline.waiting;
  }

  /** Partitions that cannot commit just now, with the reason; none is best. */
  get troubles(): ReadonlyMap<number, string> {
    return this.#troubles;
  }

  takeStatistics(): Snapshot {
    return this.statistics.take();
  }

  /** After a lost connection: pulls anew at once instead of when the silence is noticed. */
  reconnected(): void {
    for (const source of this.#sources.values()) void source.restart();
  }

  /** Lets time into the log now, as the regular ticks do. */
  async tick(now: number): Promise<void> {
    await must(this.#ticker, 'the processor runs').tick(now);
  }

  /**
   * Stops reading and finishes what was read, unless it cannot be: then the log still has it. The
   * ledger stands still after that.
   */
  async quiesce(): Promise<void> {
    this.#quotes?.stop();
    this.#relays.stop();
    this.#prepares?.stop();
    await this.#steward?.stop();
    await this.#ticker?.stop();
    for (const source of this.#sources.values()) source.stop();
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, DRAIN_MILLISECONDS_MAX);
    await Promise.race([this.#pipeline.drained(), patience.promise]);
    clearTimeout(timer);
    await this.#pipeline.stop();
  }

  /** Quiesces, and lets go of the stores. */
  async stop(): Promise<void> {
    await this.quiesce();
    await Promise.all([this.#deadLetters.stop(), this.#topUps.stop(), this.#leases.stop()]);
    await this.#client.close();
    await this.pool.close();
    await this.#rules.close();
    await this.#cursors.close();
  }

  #send(to: string, bytes: Uint8Array): void {
    const { connection, near, logger } = this.#options;
    if (near?.deliver(to, bytes)) return;
    // The sender repeats what it has no answer to, so a closed connection loses nothing.
    if (connection.isClosed()) return;
    try {
      connection.publish(to, bytes);
    } catch (err) {
      // Larger than the server takes: the outcome stands, and others wait for theirs.
      logger.error({ err, to, bytes: bytes.length }, 'answer cannot be sent');
    }
  }

  #ports(): PipelinePorts {
    const { logger, metrics } = this.#options;
    return {
      apply: async (batch) => {
        const source = must(this.#sources.get(batch.partition), 'a partition has a source');
        const taken = performance.now();
        const receipt = await this.pool.apply(batch, source.life);
        failPoint('batch-returned');
        this.#stepTimes.noteThread(batch, receipt, taken);
        return receipt;
      },
      answer: (to, bytes) => this.#send(to, bytes),
      acknowledge: (partition, sequence) => {
        failPoint('batch-answered');
        this.#sources.get(partition)?.settled(sequence);
        failPoint('batch-acknowledged');
      },
      deadLetter: (partition, receipt) => {
        const letters = { through: receipt.ledgerSequence, letters: receipt.deadLetters };
        this.#deadLetters.follow(partition, letters);
        const topUps = { through: receipt.ledgerSequence, letters: receipt.topUpLetters };
        this.#topUps.follow(partition, topUps);
      },
      advanced: (partition, receipt) => {
        this.#heads.set(partition, receipt.ledgerSequence);
        if (this.#troubles.delete(partition)) {
          logger.info({ partition }, 'batch committed after all, the partition goes on');
        }
        for (const listener of this.#listeners) listener();
      },
      backOff: async (partition, attempt, err) => {
        // Every power of two, so that hours of a full disk do not fill it with log lines.
        if ((attempt & (attempt - 1)) === 0) {
          logger.error({ err, partition, attempt }, 'batch failed, will be tried again');
        }
        this.#troubles.set(partition, messageOf(err));
        metrics.batchRetries.inc();
        const pause = Math.min(
          BACK_OFF_MILLISECONDS_START * 2 ** (attempt - 1),
          BACK_OFF_MILLISECONDS_MAX,
        );
        await new Promise((resolve) => setTimeout(resolve, pause));
      },
      settled: (batch, receipt) => {
        this.#stepTimes.noteSettled(batch);
        this.#observe(batch, receipt);
      },
    };
  }

  #observe(batch: PartitionBatch, receipt: BatchReceipt): void {
    const { metrics } = this.#options;
    const now = Date.now();
    this.#leases.settled(batch, receipt);
    this.#noteOpen(batch.partition, receipt.open);
    for (const { budget, of, ...figures } of receipt.budgets) {
      metrics.noteBudget({ budget, of }, figures);
    }
    for (const budget of receipt.endedBudgets) metrics.forgetBudget(budget);
    this.statistics.note(batch, receipt, now);
    let transactions = 0;
    for (const { kind, status, reason, count } of receipt.tallies) {
      metrics.transactions.inc({ kind, status, reason }, count);
      if (status === 'rejected') metrics.deadLetters.inc({ reason }, count);
      transactions += count;
    }
    metrics.batchTransactions.observe(transactions);
    metrics.batchApplySeconds.observe(receipt.applyMilliseconds / 1_000);
    metrics.batchWriteSeconds.observe(receipt.writeMilliseconds / 1_000);
    // The oldest message of a batch waited longest; one observation a batch is cheap and honest.
    const oldest = batch.messages[0]?.storedAt ?? now;
    metrics.durableSeconds.observe(Math.max(0, now - oldest) / 1_000);
  }

  #noteOpen(partition: number, open: BatchReceipt['open']): void {
    this.#open.set(partition, open);
    this.#relays.noted(partition, open.relays);
  }

  /** Refreshes the gauges; called when somebody asks for metrics. */
  refreshMetrics(): void {
    const { metrics } = this.#options;
    for (const partition of this.partitions) {
      const label = { partition: String(partition) };
      const queue = this.#pipeline.queue(partition);
      metrics.queueMessages.set(label, queue.messages);
      metrics.queueBytes.set(label, queue.bytes);
      metrics.streamLagMessages.set(label, this.#sources.get(partition)?.lag ?? 0);
      metrics.ledgerSequence.set(label, this.#heads.get(partition) ?? 0);
      metrics.parkedReturns.set(label, this.#open.get(partition)?.parked ?? 0);
      metrics.openRelays.set(label, this.#open.get(partition)?.relays ?? 0);
    }
    metrics.waitingAnswers.set(this.#leases.held);
    metrics.workerUtilisation.set(this.pool.takeUtilisation());
  }

  #sourceEvent(event: SourceEvent): void {
    const { logger } = this.#options;
    const { kind, ...about } = event;
    if (kind === 'new-life') {
      logger.error(about, 'stream started over: it was made anew or lost messages');
    } else if (kind === 'lost') {
      logger.warn(about, 'consumer lost, making it anew');
    } else if (kind === 'answer-refused') {
      // A sender could make any number of these, so nobody is told who did not ask to be.
      logger.debug(about, 'no answer is published there: answers go to inboxes');
    } else {
      logger.debug(about, 'partition reading');
    }
  }
}

/** The partition that a letter about a lease is for. */
function recipientOf(letter: Uint8Array): number {
  const { to } = JSON.parse(Buffer.from(letter).toString()) as { to: number }; // Our own letter.
  return to;
}
