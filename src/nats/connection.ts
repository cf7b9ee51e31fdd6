import { readFile } from 'node:fs/promises';
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
  type Status,
} from 'nats';
import type { Settings } from '../config/settings.ts';
import { Fault, messageOf } from '../fault.ts';

/**
 * The one place that connects to NATS. A connection, once made, is never given up: the client's
 * own default is to close for good after ten attempts (trap T12).
 */

/** How a client shows who it is, and whom it trusts; all files. */
export interface NatsLogin {
  /** JWT and seed of a user. */
  readonly credentials?: string | undefined;
  /** NKEY seed of a user. */
  readonly nkey?: string | undefined;
  readonly authority?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

/** The login in the settings. */
export function loginOf(
  settings: Pick<
    Settings,
    'natsCredentials' | 'natsNkey' | 'natsAuthority' | 'natsCertificate' | 'natsKey'
  >,
): NatsLogin {
  return {
    credentials: settings.natsCredentials,
    nkey: settings.natsNkey,
    authority: settings.natsAuthority,
    certificate: settings.natsCertificate,
    key: settings.natsKey,
  };
}

export interface NatsTarget {
  readonly servers: readonly string[];
  readonly login?: NatsLogin;
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** How long the first connection may take. `0`: as long as it takes. */
  readonly patience?: number;
  /** Told about everything that happens to the connection, to be logged and counted. */
  readonly onStatus?: (status: NatsStatus) => void;
}

export type NatsStatus =
  | { readonly kind: 'connected'; readonly server: string; readonly version: string }
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'disconnected'; readonly server: string }
  | { readonly kind: 'reconnected'; readonly server: string }
  | { readonly kind: 'error'; readonly reason: string }
  | { readonly kind: 'slow-consumer'; readonly subject: string; readonly pending: number }
  | { readonly kind: 'closed'; readonly reason: string | undefined };

const FIRST_CONNECT_PATIENCE_MS = 10_000;
const ATTEMPT_TIMEOUT_MS = 5_000;
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 250;
const PING_INTERVAL_MS = 5_000;
const MAX_PINGS_OUT = 3;

export async function connectNats(target: NatsTarget): Promise<NatsConnection> {
  const connection = await firstConnection(target, await optionsOf(target));
  const { onStatus } = target;
  if (onStatus !== undefined) {
    const server = connection.getServer();
    onStatus({ kind: 'connected', server, version: connection.info?.version ?? 'unknown' });
    void forwardStatus(connection, onStatus);
  }
  return connection;
}

async function optionsOf(target: NatsTarget): Promise<ConnectionOptions> {
  const options: ConnectionOptions = {
    servers: [...target.servers],
    name: target.name,
    timeout: ATTEMPT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MAX_PINGS_OUT,
    // A rejected login may be repaired on the server while we wait.
    ignoreAuthErrorAbort: true,
  };
  const { login = {} } = target;
  return { ...options, ...(await authenticatorOf(login)), ...(await tlsOf(login)) };
}

async function authenticatorOf(
  login: NatsLogin,
): Promise<Pick<ConnectionOptions, 'authenticator'>> {
  if (login.credentials !== undefined) {
    return { authenticator: credsAuthenticator(await readLogin(login.credentials)) };
  }
  if (login.nkey === undefined) return {};
  return { authenticator: nkeyAuthenticator(await readLogin(login.nkey)) };
}

async function tlsOf({ authority, certificate, key }: NatsLogin) {
  const files = { ca: authority, cert: certificate, key };
  const given = Object.entries(files).flatMap(([name, file]) =>
    file === undefined ? [] : [[name, file] as const],
  );
  if (given.length === 0) return {};
  const read = given.map(async ([name, file]) => {
    const bytes = await readLogin(file);
    return [name, Buffer.from(bytes).toString()] as const;
  });
  return { tls: Object.fromEntries(await Promise.all(read)) };
}

async function readLogin(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const message = `the NATS login file \`${file}\` cannot be read`;
    throw new Fault('nats-credentials-unreadable', message, { retry: 'operator', cause });
  }
}

/** Tries until it works or patience ends, and says why each attempt failed. */
async function firstConnection(
  target: NatsTarget,
  options: ConnectionOptions,
): Promise<NatsConnection> {
  const patience = target.patience ?? FIRST_CONNECT_PATIENCE_MS;
  const deadline = patience === 0 ? Number.POSITIVE_INFINITY : performance.now() + patience;
  for (;;) {
    try {
      return await connect(options);
    } catch (cause) {
      if (performance.now() >= deadline) throw unreachableNats(target, cause);
      target.onStatus?.({ kind: 'waiting', reason: messageOf(cause) });
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_WAIT_MS));
    }
  }
}

function unreachableNats(target: NatsTarget, cause: unknown): Fault {
  const servers = target.servers.map(withoutSecrets).join(', ');
  return new Fault('nats-unreachable', `no NATS server answers at ${servers}`, {
    retry: 'operator',
    facts: { reason: messageOf(cause) },
    cause,
  });
}

/** A server address as it may be logged: without user and password. */
export function withoutSecrets(server: string): string {
  return server.replace(/^([a-z]+:\/\/)?[^@/]*@/, '$1');
}

async function forwardStatus(
  connection: NatsConnection,
  onStatus: (status: NatsStatus) => void,
): Promise<void> {
  void connection.closed().then((reason) => {
    onStatus({ kind: 'closed', reason: reason instanceof Error ? reason.message : undefined });
  });
  for await (const status of connection.status()) {
    const translated = translate(status);
    if (translated !== undefined) onStatus(translated);
  }
}

function translate(status: Status): NatsStatus | undefined {
  switch (status.type) {
    case 'disconnect':
      return { kind: 'disconnected', server: status.server };
    case 'reconnect':
      return { kind: 'reconnected', server: status.server };
    case 'error':
      return { kind: 'error', reason: status.error.message };
    case 'slowConsumer': {
      const subject = status.sub.getSubject();
      return { kind: 'slow-consumer', subject, pending: status.pending };
    }
    case 'staleConnection':
      return { kind: 'error', reason: 'the server stopped answering pings' };
    default:
      return undefined;
  }
}
