import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** From 0.1 ms to 10 s: fsyncs and answers of a healthy system lie in the middle. */
const SECONDS_BUCKETS = [
  0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
  10,
];
/** Where a till waits: fine between 1 and 100 ms. */
const STEP_BUCKETS = [
  0.000_25, 0.000_5, 0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07,
  0.1, 0.15, 0.25, 0.5, 1, 5,
];
const BATCH_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * All metrics of the process. Names end in their unit, `_total` marks counters. Labels have few
 * values: kinds, reasons of the closed list, partitions, routes; never ids.
 */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'arbiter_' });
  return {
    registry,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    ...pipelineMetrics(new Maker(registry)),
    ...sinkMetrics(new Maker(registry)),
    ...edgeMetrics(new Maker(registry)),
    ...budgetMetrics(new Maker(registry)),
  };
}

class Maker {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  counter<L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  gauge<L extends string>(name: string, help: string, ...labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  seconds<L extends string>(name: string, help: string, ...labelNames: L[]): Histogram<L> {
    const registers = [this.#registry];
    return new Histogram({ name, help, labelNames, buckets: SECONDS_BUCKETS, registers });
  }

  steps(name: string, help: string): Histogram<'step'> {
    const registers = [this.#registry];
    return new Histogram({ name, help, labelNames: ['step'], buckets: STEP_BUCKETS, registers });
  }

  sizes(name: string, help: string): Histogram<string> {
    return new Histogram({ name, help, buckets: BATCH_BUCKETS, registers: [this.#registry] });
  }
}

function pipelineMetrics(make: Maker) {
  return {
    transactions: make.counter(
      'arbiter_transactions_total',
      'Transactions with a durable outcome, by kind, status and reason of rejection.',
      'kind',
      'status',
      'reason',
    ),
    deadLetters: make.counter(
      'arbiter_dead_letters_total',
      'Rejections copied to the dead-letter stream, by reason.',
      'reason',
    ),
    batchTransactions: make.sizes(
      'arbiter_batch_transactions',
      'Transactions in one batch, which is one write to the store.',
    ),
    batchApplySeconds: make.seconds(
      'arbiter_batch_apply_seconds',
      'Time to decode and decide a batch, in seconds.',
    ),
    batchWriteSeconds: make.seconds(
      'arbiter_batch_write_seconds',
      'Time to write a batch to the store with its fsync, in seconds.',
    ),
    batchStepSeconds: make.steps(
      'arbiter_batch_step_seconds',
      'Where the oldest message of a batch spends its time, by step, in seconds.',
    ),
    batchRetries: make.counter(
      'arbiter_batch_retries_total',
      'Batches that failed and were tried again.',
    ),
    durableSeconds: make.seconds(
      'arbiter_publish_to_durable_seconds',
      'Time from the storing of a message in the log to its durable outcome, in seconds.',
    ),
    queueMessages: make.gauge(
      'arbiter_queue_messages',
      'Messages that wait in the queue of a partition.',
      'partition',
    ),
    queueBytes: make.gauge(
      'arbiter_queue_bytes',
      'Bytes that wait in the queue of a partition.',
      'partition',
    ),
    streamLagMessages: make.gauge(
      'arbiter_stream_lag_messages',
      'Messages of the log that have no durable outcome yet.',
      'partition',
    ),
    ledgerSequence: make.gauge(
      'arbiter_ledger_sequence',
      'Last durable sequence of the ledger of a partition.',
      'partition',
    ),
    workerUtilisation: make.gauge(
      'arbiter_worker_utilisation_ratio',
      'Part of the time that the worker threads are busy, 0 to 1.',
    ),
    storeBytes: make.gauge(
      'arbiter_store_bytes',
      'Size of the store of a partition on disk, in bytes.',
      'partition',
    ),
  };
}

function sinkMetrics(make: Maker) {
  return {
    sinkLagRecords: make.gauge(
      'arbiter_sink_lag_records',
      'Ledger records that are durable but not in ClickHouse yet.',
      'partition',
    ),
    sinkRows: make.counter('arbiter_sink_rows_total', 'Rows written to ClickHouse.'),
    sinkBlocks: make.counter(
      'arbiter_sink_blocks_total',
      'Blocks written to ClickHouse; each is one insert a table.',
    ),
    sinkLagSeconds: make.gauge(
      'arbiter_sink_lag_seconds',
      'Age of the oldest durable ledger record that is not in ClickHouse yet.',
    ),
    sinkFailures: make.counter(
      'arbiter_sink_failures_total',
      'Inserts into ClickHouse that failed and were repeated.',
    ),
    auditBehind: make.gauge(
      'arbiter_audit_behind_rows',
      'Rows of the audit list that are not in ClickHouse yet.',
    ),
    parkedReturns: make.gauge(
      'arbiter_parked_returns',
      'Returns that wait for a checkout which has not come yet.',
      'partition',
    ),
    openRelays: make.gauge(
      'arbiter_open_relays',
      'Transfers, merges and card changes on their way between partitions.',
      'partition',
    ),
    clickhouseUp: make.gauge('arbiter_clickhouse_up', '1 while ClickHouse answers, else 0.'),
  };
}

/** Budgets with metrics of their own; of more, such as one an article, the first ones count. */
export const BUDGETS_SHOWN_MAX = 1_000;

/** Shared budgets are few and named by operators, so here a label may be a name. */
function budgetMetrics(make: Maker) {
  const limit = make.gauge('arbiter_budget_limit', 'Limit of a shared budget.', 'budget', 'of');
  const left = make.gauge(
    'arbiter_budget_left',
    'Part of a shared budget that no partition holds yet; at 0 it is about to be exhausted.',
    'budget',
    'of',
  );
  const spent = make.gauge(
    'arbiter_budget_spent',
    'Spent of a shared budget, as far as the partitions have told its home.',
    'budget',
    'of',
  );
  const alertBelow = make.gauge(
    'arbiter_budget_alert_below',
    'What is left of a shared budget should be above this.',
    'budget',
    'of',
  );
  const shown = new Map<string, Set<string>>();
  return {
    waitingAnswers: make.gauge(
      'arbiter_lease_waiting_answers',
      'Messages that wait for an answer because a checkout of theirs waits for a lease.',
    ),
    noteBudget(
      labels: { readonly budget: string; readonly of: string },
      figures: Readonly<Record<'limit' | 'left' | 'spent' | 'alertBelow', number>>,
    ): void {
      const known = shown.get(labels.budget);
      if (!known && shown.size >= BUDGETS_SHOWN_MAX) return;
      shown.set(labels.budget, (known ?? new Set()).add(labels.of));
      limit.set(labels, figures.limit);
      left.set(labels, figures.left);
      spent.set(labels, figures.spent);
      alertBelow.set(labels, figures.alertBelow);
    },
    /** A budget was let go: its figures end, and make room for those of another one. */
    forgetBudget(budget: string): void {
      for (const of of shown.get(budget) ?? []) {
        for (const gauge of [limit, left, spent, alertBelow]) gauge.remove({ budget, of });
      }
      shown.delete(budget);
    },
  };
}

function edgeMetrics(make: Maker) {
  return {
    natsConnected: make.gauge('arbiter_nats_connected', '1 while NATS is connected, else 0.'),
    natsEvents: make.counter(
      'arbiter_nats_events_total',
      'What happened to the NATS connection, by event.',
      'event',
    ),
    envelopeRepeats: make.counter(
      'arbiter_envelope_repeats_total',
      'Envelopes that were published again because no answer came.',
    ),
    httpRequests: make.counter(
      'arbiter_http_requests_total',
      'HTTP requests, by route, method and status.',
      'route',
      'method',
      'status',
    ),
    httpSeconds: make.seconds(
      'arbiter_http_request_seconds',
      'Time to answer an HTTP request, in seconds.',
      'route',
    ),
    httpWaiting: make.gauge(
      'arbiter_http_waiting_transactions',
      'Transactions of HTTP requests that wait for their outcome.',
    ),
  };
}
