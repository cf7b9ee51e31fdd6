import type { IncomingHttpHeaders } from 'node:http';
import { exception } from './clickhouse-error.ts';

/** What one HTTP request asks for, apart from the bytes of its body. */
export type ClickHouseRequest = {
  /** The statement in the URL; rows or the rest of the statement follow in the body. */
  readonly query: string;
  readonly format: string;
  readonly queryId: string | undefined;
  readonly session: SessionRequest | undefined;
  readonly compressAnswer: boolean;
  /** Statements that give the connection its database, settings and parameters. */
  readonly preamble: string;
};

export type SessionRequest = {
  readonly id: string;
  readonly seconds: number;
  readonly mustExist: boolean;
};

/** As ClickHouse's `default_session_timeout` and `max_session_timeout`. */
const SESSION_SECONDS_DEFAULT = 60;
const SESSION_SECONDS_MAX = 3_600;

/** Parameters of the HTTP interface itself, which the engine does not know as settings. */
const NOT_SETTINGS: ReadonlySet<string> = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'user',
  'password',
  'role',
  'quota_key',
  'wait_end_of_query',
  'buffer_size',
  'compress',
  'decompress',
  'stacktrace',
  'client_protocol_version',
  'http_response_buffer_size',
]);

const SETTING_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PARAMETER = 'param_';

/** Reads URL and headers as ClickHouse does; the URL wins over the headers. */
export function readRequest(
  url: URL,
  headers: IncomingHttpHeaders,
  method: string,
): ClickHouseRequest {
  const parameters = url.searchParams;
  if (parameters.get('compress') === '1' || parameters.get('decompress') === '1') {
    const text = 'the native compression of the HTTP interface is not supported here, use gzip';
    throw exception(48, 'NOT_IMPLEMENTED', text);
  }
  return {
    query: parameters.get('query') ?? '',
    format: formatName(parameters.get('default_format') ?? header(headers, 'x-clickhouse-format')),
    queryId: parameters.get('query_id') ?? undefined,
    session: readSession(parameters),
    compressAnswer: wantsGzip(parameters, headers),
    preamble: preambleOf(parameters, { database: databaseOf(parameters, headers), method }),
  };
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function databaseOf(parameters: URLSearchParams, headers: IncomingHttpHeaders): string {
  return parameters.get('database') ?? header(headers, 'x-clickhouse-database') ?? '';
}

function formatName(name: string | undefined): string {
  const format = name === undefined || name === '' ? 'TabSeparated' : name;
  if (!SETTING_NAME.test(format)) throw exception(73, 'UNKNOWN_FORMAT', `Unknown format ${format}`);
  return format;
}

function wantsGzip(parameters: URLSearchParams, headers: IncomingHttpHeaders): boolean {
  const enabled = parameters.get('enable_http_compression');
  const accepted = header(headers, 'accept-encoding') ?? '';
  return (enabled === '1' || enabled === 'true') && /\bgzip\b/.test(accepted);
}

function readSession(parameters: URLSearchParams): SessionRequest | undefined {
  const id = parameters.get('session_id');
  if (id === null || id === '') return undefined;

  const seconds = Number(parameters.get('session_timeout') ?? SESSION_SECONDS_DEFAULT);
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= SESSION_SECONDS_MAX)) {
    const text = `Invalid session timeout: '${seconds}', maximum: ${SESSION_SECONDS_MAX}`;
    throw exception(374, 'INVALID_SESSION_TIMEOUT', text);
  }
  return { id, seconds, mustExist: parameters.get('session_check') === '1' };
}

function preambleOf(
  parameters: URLSearchParams,
  { database, method }: { database: string; method: string },
): string {
  const settings: string[] = [];
  for (const [name, value] of parameters) {
    if (NOT_SETTINGS.has(name)) continue;
    const known = name.startsWith(PARAMETER) ? name.slice(PARAMETER.length) : name;
    if (!SETTING_NAME.test(known)) {
      throw exception(
        115,
        'UNKNOWN_SETTING',
        `Setting ${JSON.stringify(name)} is neither a setting`,
      );
    }
    settings.push(`${name} = ${quoted(value)}`);
  }
  // As on a server: GET and HEAD must not change anything, whatever the statement says.
  if (method !== 'POST' && !parameters.has('readonly')) settings.push('readonly = 2');

  const use = database === '' ? '' : `USE ${identifier(database)}; `;
  return settings.length === 0 ? use : `${use}SET ${settings.join(', ')}; `;
}

function quoted(value: string): string {
  return `'${value.replaceAll(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

function identifier(name: string): string {
  return `\`${name.replaceAll(/[\\`]/g, '\\$&').replaceAll('\0', '\\0')}\``;
}
