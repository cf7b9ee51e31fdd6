/** ClickHouse's own exceptions, and the HTTP status its server answers each with. */
export class ClickHouseException extends Error {
  readonly code: number;
  readonly type: string;

  constructor(code: number, type: string, text: string) {
    super(text);
    this.code = code;
    this.type = type;
  }
}

/** An exception our HTTP side raises itself, worded like the engine's. */
export function exception(code: number, type: string, text: string): ClickHouseException {
  return new ClickHouseException(code, type, `Code: ${code}. DB::Exception: ${text} (${type})`);
}

const ENGINE_TEXT = /^Code: (\d+)\.[\s\S]*\(([A-Z][A-Z0-9_]+)\)[^()]*$/;

/** Reads code and type out of the engine's message; anything else is an unknown exception. */
export function exceptionOf(error: unknown): ClickHouseException {
  if (error instanceof ClickHouseException) return error;
  const text = error instanceof Error ? error.message : String(error);
  const found = ENGINE_TEXT.exec(text);
  if (found === null) return exception(1002, 'UNKNOWN_EXCEPTION', text);
  return new ClickHouseException(Number(found[1]), found[2] ?? '', text);
}

const STATUS_BY_TYPE: ReadonlyMap<string, number> = new Map([
  ...statusFor(400, [
    'BAD_ARGUMENTS',
    'ILLEGAL_TYPE_OF_ARGUMENT',
    'INCORRECT_DATA',
    'NUMBER_OF_ARGUMENTS_DOESNT_MATCH',
    'SYNTAX_ERROR',
    'TOO_DEEP_AST',
    'TOO_BIG_AST',
    'TYPE_MISMATCH',
    'UNEXPECTED_AST_STRUCTURE',
    'UNKNOWN_ELEMENT_IN_AST',
    'UNKNOWN_QUERY_PARAMETER',
    'UNKNOWN_TYPE_OF_AST_NODE',
    'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE',
  ]),
  ...statusFor(404, [
    'UNKNOWN_AGGREGATE_FUNCTION',
    'UNKNOWN_DATABASE',
    'UNKNOWN_DATABASE_ENGINE',
    'UNKNOWN_DIRECTION_OF_SORTING',
    'UNKNOWN_FORMAT',
    'UNKNOWN_FUNCTION',
    'UNKNOWN_IDENTIFIER',
    'UNKNOWN_SETTING',
    'UNKNOWN_STORAGE',
    'UNKNOWN_TABLE',
    'UNKNOWN_TYPE',
    'UNKNOWN_TYPE_OF_QUERY',
    'SESSION_NOT_FOUND',
  ]),
  ...statusFor(403, ['ACCESS_DENIED']),
  ...statusFor(413, ['QUERY_IS_TOO_LARGE', 'REQUEST_BODY_TOO_LARGE']),
  ...statusFor(501, ['NOT_IMPLEMENTED']),
  ...statusFor(503, ['CANNOT_SCHEDULE_TASK', 'SERVER_OVERLOADED']),
]);

function statusFor(status: number, types: readonly string[]): [string, number][] {
  return types.map((type) => [type, status]);
}

/** The HTTP status a ClickHouse server gives this exception. */
export function statusOf({ type }: ClickHouseException): number {
  if (type.startsWith('CANNOT_PARSE_')) return 400;
  return STATUS_BY_TYPE.get(type) ?? 500;
}
