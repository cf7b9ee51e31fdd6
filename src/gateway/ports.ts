import type { AccessPorts } from '../access/access-ports.ts';
import type { Format } from '../client/format.ts';
import type { Outcome } from '../client/outcome.ts';
import type { MemberJson } from '../client/outcome-json.ts';
import type { HealthReport } from '../observe/health.ts';
import type { PageRequest, TransactionPage } from '../transaction-list/transaction-list.ts';
import type { ApiPorts } from './api/api.ts';
import type { TrialPorts } from './trials.ts';

export interface SendOptions {
  readonly format: Format;
  /** The bytes of the one transaction, when it goes on as it came. */
  readonly encoded?: Uint8Array | undefined;
  /** The store whose till speaks; the processor holds the transactions to it. */
  readonly store?: string | undefined;
}

/** What the gateway needs of the rest. The transaction client implements most of it. */
export interface GatewayPorts {
  /** Resolves once the outcomes are durable. */
  readonly submit: (
    transactions: readonly unknown[],
    options: SendOptions,
  ) => Promise<readonly Outcome[]>;
  /** What the transactions would give. */
  readonly quote: (
    transactions: readonly unknown[],
    options: SendOptions,
  ) => Promise<readonly Outcome[]>;
  readonly member: (id: string, expiringWithin?: string) => Promise<MemberJson | undefined>;
  /** A page of a member's transaction list, newest first. */
  readonly transactions: (id: string, request: PageRequest) => Promise<TransactionPage>;
  /** Test mode and what-if; without them their routes are not there. */
  readonly trials?: TrialPorts | undefined;
  /** Users, sessions and tokens; without them their routes are not there. */
  readonly access?: AccessPorts | undefined;
  /** Rule sets, regions and what else is under `/api/v1`; without it their routes are not there. */
  readonly api?: ApiPorts | undefined;
  /** True while no more transactions can be taken. */
  readonly isFull: () => boolean;
  readonly health: () => HealthReport;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Told about every answered request, to be counted. */
  readonly answered: (request: AnsweredRequest) => void;
}

export interface AnsweredRequest {
  /** The pattern, not the path, so that members do not become labels. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}
