import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Assigned, EVERYWHERE, type Role } from '../../ops/access/roles.ts';
import { newToken } from '../../ops/access/tokens.ts';
import type { AuditRow } from '../../ops/audit/chain.ts';
import { accessPorts } from '../access/access-ports.ts';
import { AccessStore } from '../access/access-store.ts';
import { Accounts } from '../access/accounts.ts';
import { Gatekeeper } from '../access/gatekeeper.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import type { RequestAnswers } from '../gateway/api/answered-once.ts';
import { openApiPorts } from '../gateway/api/open-api-ports.ts';
import type { RuleApiPorts } from '../gateway/api/rule-ports.ts';
import { clientPorts } from '../gateway/client-ports.ts';
import { createGateway } from '../gateway/gateway.ts';
import type { TrialPorts } from '../gateway/trials.ts';
import { Health } from '../observe/health.ts';
import { createLogger } from '../observe/logger.ts';
import { TrialPool } from '../trials/trial-pool.ts';
import { WhatIfDesk } from '../trials/what-if-desk.ts';
import { ScratchProcessor } from './scratch-processor.ts';

function trialPorts(pool: TrialPool): TrialPorts {
  return { test: pool.test.bind(pool), whatIfs: new WhatIfDesk(pool), now: Date.now };
}

const NOWHERE = { url: 'http://127.0.0.1:1', user: 'default', password: '', database: 'x' };
const TOKEN_MILLISECONDS = 600_000;

export interface Sent {
  readonly token?: string;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it knows to be there
  readonly body: any;
}

/** The gateway with everything under `/api/v1`, over a real processor, that asks for tokens. */
export class ScratchApi {
  readonly scratch: ScratchProcessor;
  readonly store: AccessStore;
  readonly #folder: string;
  /** Away, as it may be at any time. */
  readonly #clickhouse = new ClickHouse(NOWHERE);
  #app: FastifyInstance | undefined;
  #pool: TrialPool | undefined;
  #desk: RuleApiPorts | undefined;

  private constructor(scratch: ScratchProcessor, folder: string) {
    this.scratch = scratch;
    this.#folder = folder;
    this.store = new AccessStore(folder);
  }

  static async start(): Promise<ScratchApi> {
    const folder = mkdtempSync(join(tmpdir(), 'arbiter-api-'));
    const api = new ScratchApi(await ScratchProcessor.start(), folder);
    await api.open();
    return api;
  }

  /** Opens the gateway, as a restart of it does. */
  async open(answers?: RequestAnswers): Promise<void> {
    await this.#app?.close();
    const { client, metrics, processor, connection, storePath } = this.scratch;
    this.#pool ??= new TrialPool(storePath, { niceIncrement: 0 });
    const patience = { presenceMilliseconds: 3_000 };
    const given = { connection, processor, store: this.store, replicas: 1, patience };
    const parts = { ...given, pool: this.#pool, clickhouse: this.#clickhouse };
    const opened = await openApiPorts(parts);
    this.#desk = opened.rules;
    const api = answers ? { ...opened, answers } : opened;
    const transactions = async () => ({ transactions: [], next: undefined });
    const outside = {
      ...{ client, metrics, health: new Health(), transactions, answerSeconds: 20, api },
      access: accessPorts(this.store, new Accounts({ store: this.store, refused: () => {} })),
      trials: trialPorts(this.#pool),
    };
    this.#app = await createGateway(clientPorts(outside), {
      bodyBytes: 65_536,
      requestSeconds: 20,
      logger: createLogger({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
      keeper: new Gatekeeper(this.store),
    });
  }

  /** Where all changes of rule sets come together. */
  get desk(): RuleApiPorts {
    if (!this.#desk) throw new Error('the gateway is closed');
    return this.#desk;
  }

  /** A new token of a role, and who its holder is in the audit list. */
  holder(
    role: Role,
    scope: Partial<Assigned> = {},
  ): { readonly token: string; readonly id: string } {
    const createdAt = Date.now();
    const expiresAt = createdAt + TOKEN_MILLISECONDS;
    const { token, text } = newToken({
      name: role,
      role,
      scope: { ...EVERYWHERE, ...scope },
      createdAt,
      expiresAt,
    });
    const event = { at: createdAt, actor: 'local:test', action: 'tokens.create', detail: {} };
    this.store.putToken(token, { ...event, object: token.id, outcome: 'done' });
    return { token: text, id: `token:${token.id}` };
  }

  async ask(line: string, { token, body, raw, headers = {} }: Sent = {}): Promise<Received> {
    if (!this.#app) throw new Error('the gateway is closed');
    const [method = 'GET', path = ''] = line.split(' ');
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await this.#app.inject({
      method: method as 'GET',
      url: path.startsWith('/v1') || path === '/openapi.json' ? path : `/api/v1${path}`,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    const { statusCode: status, payload: text } = answer;
    return { status, headers: answer.headers, text, body: isJson ? answer.json() : undefined };
  }

  rows(): readonly AuditRow[] {
    return [...this.store.rows()];
  }

  async stop(): Promise<void> {
    await this.#app?.close();
    await this.#pool?.close();
    await this.#clickhouse.close();
    await this.scratch.stop();
    await this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
