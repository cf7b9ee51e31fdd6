import { describe, expect, it } from 'vitest';
import { Fault } from '../fault.ts';
import { Health } from './health.ts';
import { createLogger, logNatsStatus } from './logger.ts';
import { BUDGETS_SHOWN_MAX, createMetrics } from './metrics.ts';
import { watchNats } from './watch-nats.ts';

function capture(level = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ level }, { write: (line: string) => lines.push(line) });
  return { logger, lines, last: (): unknown => JSON.parse(lines.at(-1) ?? 'null') };
}

describe('the log', () => {
  it('has one line of JSON an event, with the level by name', () => {
    const { logger, lines, last } = capture();
    logger.info({ partition: 3 }, 'batch committed');
    expect(last()).toMatchObject({ level: 'info', partition: 3, msg: 'batch committed' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"time":"\d{4}-\d\d-\d\dT/);
  });

  it('never shows a secret, wherever it stands', () => {
    const { logger, lines } = capture();
    logger.info({ settings: { clickhousePassword: 'hush' }, headers: { authorization: 'hush' } });
    logger.info({ password: 'hush', request: { headers: { cookie: 'hush' } } });
    logger.info({ server: 'nats://user:hush@host:4222' });
    expect(lines.join('')).not.toContain('hush');
    expect(lines.join('')).toContain('nats://host:4222');
  });

  it('shows a fault by its code and who must act, with its cause', () => {
    const { logger, last } = capture();
    const fault = new Fault('nats-unreachable', 'no server', {
      retry: 'operator',
      facts: { tried: 3 },
      cause: new Error('refused'),
    });
    logger.error({ err: fault }, 'start failed');
    expect(last()).toMatchObject({
      err: {
        code: 'nats-unreachable',
        retry: 'operator',
        facts: { tried: 3 },
        cause: { message: 'refused' },
      },
    });
  });

  it('tells what happens to the NATS connection', () => {
    const { logger, last } = capture();
    const log = logNatsStatus(logger);
    log({ kind: 'reconnected', server: 'nats://a:b@c' });
    expect(last()).toMatchObject({ level: 'info', msg: 'nats reconnected', server: 'nats://c' });
    log({ kind: 'disconnected', server: 'c' });
    expect(last()).toMatchObject({ level: 'warn', msg: 'nats disconnected' });
  });
});

describe('the health', () => {
  it('is ready when every required part is up', () => {
    const health = new Health();
    const store = health.required('store');
    const nats = health.required('nats');
    const clickhouse = health.optional('clickhouse');
    expect(health.report().ready).toBe(false);
    store.up();
    nats.up('nats://127.0.0.1:4222');
    expect(health.report().ready).toBe(true);
    clickhouse.down('connection refused');
    expect(health.report()).toEqual({
      ready: true,
      parts: {
        store: { state: 'up', required: true, detail: '' },
        nats: { state: 'up', required: true, detail: 'nats://127.0.0.1:4222' },
        clickhouse: { state: 'down', required: false, detail: 'connection refused' },
      },
    });
    nats.down('disconnected');
    expect(health.report().ready).toBe(false);
  });
});

describe('the metrics', () => {
  it('are named and explained, each with its unit', async () => {
    const metrics = createMetrics();
    metrics.transactions.inc({ kind: 'checkout', status: 'accepted', reason: '' }, 64);
    metrics.batchWriteSeconds.observe(0.004);
    const text = await metrics.text();
    expect(text).toContain(
      'arbiter_transactions_total{kind="checkout",status="accepted",reason=""} 64',
    );
    expect(text).toContain('arbiter_batch_write_seconds_bucket{le="0.005"} 1');
    expect(text).toContain('arbiter_process_resident_memory_bytes');
    for (const { name, help } of await metrics.registry.getMetricsAsJSON()) {
      expect(name).toMatch(/^arbiter_[a-z0-9_]+$/);
      expect(help.length).toBeGreaterThan(10);
    }
  });

  it('are those of one registry, so that two processors can live in one test', async () => {
    const one = createMetrics();
    one.batchRetries.inc();
    expect(await createMetrics().text()).not.toContain('arbiter_batch_retries_total 1');
  });
});

describe('watching NATS', () => {
  it('keeps log, metrics and health in step', async () => {
    const { logger, lines } = capture();
    const health = new Health();
    const metrics = createMetrics();
    const watch = watchNats({ logger, metrics, part: health.required('nats') });
    const connected = async () => (await metrics.natsConnected.get()).values[0]?.value;
    watch({ kind: 'connected', server: 'a', version: '2.9.10' });
    expect([health.report().ready, await connected()]).toEqual([true, 1]);
    watch({ kind: 'error', reason: 'slow' });
    expect(health.report().ready).toBe(true);
    watch({ kind: 'disconnected', server: 'a' });
    expect([health.report().ready, await connected()]).toEqual([false, 0]);
    watch({ kind: 'reconnected', server: 'a' });
    expect([health.report().ready, await connected()]).toEqual([true, 1]);
    expect(lines).toHaveLength(4);
  });
});

describe('the figures of shared budgets', () => {
  const figures = { limit: 10, left: 4, spent: 6, alertBelow: 1 };

  it('end with their budget, and make room for those of others', async () => {
    const metrics = createMetrics();
    for (let day = 0; day <= BUDGETS_SHOWN_MAX; day += 1) {
      for (const of of ['uses', 'points'])
        metrics.noteBudget({ budget: `daily|${day}`, of }, figures);
    }
    const shown = async (day: number) => (await metrics.text()).includes(`"daily|${day}"`);
    expect([await shown(0), await shown(BUDGETS_SHOWN_MAX)]).toEqual([true, false]);
    metrics.forgetBudget('daily|0');
    metrics.noteBudget({ budget: `daily|${BUDGETS_SHOWN_MAX}`, of: 'uses' }, figures);
    expect([await shown(0), await shown(BUDGETS_SHOWN_MAX)]).toEqual([false, true]);
  });
});
