import { availableParallelism } from 'node:os';
import { addresses, choice, integer, onOff, optionalText, type Setting, text } from './setting.ts';

/**
 * Everything that can be configured, declared once. `docs/reference/configuration.md` is
 * generated from this table (`npm run docs:configuration`).
 */

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Where state lives. */
const PLACE = {
  data: text({
    env: 'ARBITER_DATA_DIR',
    flag: '--data',
    fallback: './data',
    about: 'Folder of all state: the ledger, the log and ClickHouse of the embedded servers.',
  }),
  cache: optionalText({
    env: 'ARBITER_CACHE_DIR',
    fallbackText: '`~/.cache/arbiter`',
    about: 'Folder where an obtained `nats-server` is kept.',
  }),
  partitions: integer({
    env: 'ARBITER_PARTITIONS',
    flag: '--partitions',
    fallback: 16,
    least: 1,
    most: 1_024,
    about: 'Partitions of the log. Fixed when a data folder is created; another number is refused.',
  }),
};

/** The log. */
const NATS = {
  natsUrl: addresses({
    env: 'NATS_URL',
    flag: '--nats',
    protocols: ['nats://', 'tls://'],
    fallbackText: 'none: an embedded server',
    about: 'NATS servers with JetStream.',
  }),
  natsCredentials: optionalText({
    env: 'NATS_CREDENTIALS_FILE',
    flag: '--nats-credentials',
    about: 'File with the credentials of the NATS user.',
  }),
  natsNkey: optionalText({
    env: 'NATS_NKEY_FILE',
    flag: '--nats-nkey',
    about: 'File with the NKEY seed of the NATS user, as `arbiter nats configure` makes it.',
  }),
  natsAuthority: optionalText({
    env: 'NATS_CA_FILE',
    about: "File of the authority that signed the servers' certificates.",
  }),
  natsCertificate: optionalText({
    env: 'NATS_CERTIFICATE_FILE',
    about: 'File of the certificate that shows NATS servers who we are.',
  }),
  natsKey: optionalText({
    env: 'NATS_KEY_FILE',
    about: 'File of the private key of that certificate.',
  }),
  natsReplicas: integer({
    env: 'ARBITER_NATS_REPLICAS',
    fallback: 1,
    least: 1,
    most: 5,
    about: 'Copies of each stream; 3 in a production cluster.',
  }),
  natsServerBin: optionalText({
    env: 'NATS_SERVER_BIN',
    about: 'The `nats-server` to start when no server is configured.',
    fallbackText: 'searched on the PATH and in the cache folder',
  }),
  natsPort: integer({
    env: 'ARBITER_NATS_PORT',
    flag: '--nats-port',
    fallback: 4222,
    least: 0,
    most: 65_535,
    about: 'Port of the embedded server on 127.0.0.1; 0 takes a free one.',
  }),
};

/** The analytics. */
const CLICKHOUSE = {
  clickhouseUrl: addresses({
    env: 'CLICKHOUSE_URL',
    flag: '--clickhouse',
    protocols: ['http://', 'https://'],
    fallbackText: 'none: an embedded engine',
    about: 'HTTP interface of ClickHouse.',
  }),
  clickhouseUser: text({
    env: 'CLICKHOUSE_USER',
    fallback: 'default',
    about: 'User of ClickHouse.',
  }),
  clickhousePassword: text({
    env: 'CLICKHOUSE_PASSWORD',
    fallback: '',
    secret: true,
    about: 'Password of that user. There is no flag, because command lines can be seen by others.',
  }),
  clickhouseDatabase: text({
    env: 'CLICKHOUSE_DATABASE',
    fallback: 'arbiter',
    about: 'Database of our tables; created when missing.',
  }),
  clickhousePort: integer({
    env: 'ARBITER_CLICKHOUSE_PORT',
    flag: '--clickhouse-port',
    fallback: 8123,
    least: 0,
    most: 65_535,
    about: 'Port of the embedded engine on 127.0.0.1; 0 takes a free one.',
  }),
};

/** How much is done at once. */
const PROCESSOR = {
  workers: integer({
    env: 'ARBITER_WORKERS',
    flag: '--workers',
    fallback: availableParallelism(),
    fallbackText: 'number of processors',
    least: 1,
    most: 256,
    unit: 'threads',
    about: 'Worker threads that decide and commit.',
  }),
  storeBytes: integer({
    env: 'ARBITER_STORE_BYTES',
    fallback: 64 * 1_024 * MIB,
    least: MIB,
    most: 16 * 1_024 * 1_024 * MIB,
    unit: 'bytes',
    about: 'Size up to which the store of one partition may grow; then processing pauses.',
  }),
  freeBytes: integer({
    env: 'ARBITER_FREE_BYTES',
    fallback: 256 * MIB,
    least: 64 * MIB,
    most: 16 * 1_024 * 1_024 * MIB,
    unit: 'bytes',
    about: 'Bytes that stay free on the disk of the store; processing pauses when there are fewer.',
  }),
  tickSeconds: integer({
    env: 'ARBITER_TICK_SECONDS',
    fallback: 60,
    least: 0,
    most: 86_400,
    unit: 'seconds',
    about: 'Time between ticks, on which points expire; 0 switches them off.',
  }),
};

/** The HTTP gateway. */
const HTTP = {
  httpHost: text({
    env: 'ARBITER_HTTP_HOST',
    flag: '--host',
    fallback: '127.0.0.1',
    about: 'Address the gateway listens on; only this machine by default.',
  }),
  httpPort: integer({
    env: 'ARBITER_HTTP_PORT',
    flag: '--port',
    fallback: 8_080,
    least: 0,
    most: 65_535,
    about: 'Port of the gateway; 0 takes a free one.',
  }),
  httpAccess: choice({
    env: 'ARBITER_HTTP_ACCESS',
    fallback: 'local',
    of: ['local', 'tokens'],
    about:
      '`tokens` asks every caller for a token. `local` does so only where other machines can reach the gateway.',
  }),
  httpTrustedProxies: optionalText({
    env: 'ARBITER_HTTP_TRUSTED_PROXIES',
    about: 'Addresses of proxies, separated by commas, whose `X-Forwarded-For` names the caller.',
    fallbackText: 'none: the address of the connection',
  }),
  httpTokenRate: integer({
    env: 'ARBITER_HTTP_TOKEN_RATE',
    fallback: 2_000,
    least: 1,
    most: 1_000_000,
    unit: 'requests/s',
    about: 'Requests of one token in the long run, five seconds of it at once; then 429.',
  }),
  httpPersonRate: integer({
    env: 'ARBITER_HTTP_PERSON_RATE',
    fallback: 50,
    least: 1,
    most: 1_000_000,
    unit: 'requests/s',
    about: 'The same for a person who is logged in.',
  }),
  httpStrangerRate: integer({
    env: 'ARBITER_HTTP_STRANGER_RATE',
    fallback: 20,
    least: 1,
    most: 1_000_000,
    unit: 'requests/s',
    about: 'The same for an address that shows no token, or a wrong one.',
  }),
  httpBodyBytes: integer({
    env: 'ARBITER_HTTP_BODY_BYTES',
    fallback: MIB,
    least: KIB,
    most: 64 * MIB,
    unit: 'bytes',
    about: 'Size of a request body; a larger one is answered with 413.',
  }),
  httpRequestSeconds: integer({
    env: 'ARBITER_HTTP_REQUEST_SECONDS',
    fallback: 10,
    least: 1,
    most: 600,
    unit: 'seconds',
    about: 'Time to receive a request, and to wait for its durable outcome.',
  }),
  httpMaxWaiting: integer({
    env: 'ARBITER_HTTP_MAX_WAITING',
    fallback: 8_192,
    least: 1,
    most: 1_000_000,
    unit: 'transactions',
    about: 'Transactions that may wait for an outcome; then the answer is 503 with Retry-After.',
  }),
};

/** What it tells about itself. */
const TELLING = {
  logLevel: choice({
    env: 'ARBITER_LOG_LEVEL',
    flag: '--log-level',
    fallback: 'info',
    of: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    about: 'The least important events that are logged.',
  }),
  help: onOff({ flag: '--help', fallback: false, about: 'Shows the commands and settings.' }),
};

export const SETTINGS_BY_TOPIC = {
  'State and partitions': PLACE,
  NATS,
  ClickHouse: CLICKHOUSE,
  Processor: PROCESSOR,
  'HTTP gateway': HTTP,
  'Logs and help': TELLING,
} as const;

export const SETTINGS = {
  ...PLACE,
  ...NATS,
  ...CLICKHOUSE,
  ...PROCESSOR,
  ...HTTP,
  ...TELLING,
} as const;

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The values of a table of settings. */
export type ValuesOf<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never;
};

export type Settings = ValuesOf<typeof SETTINGS>;
