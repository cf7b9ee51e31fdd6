/**
 * As much of ClickHouse's grammar as its HTTP interface needs: where one statement ends, which
 * format its answer has, and where the rows of an INSERT begin. Works on latin1 text, so that a
 * position is a byte offset; keywords and delimiters are ASCII in any case.
 */
export type Statement =
  | { readonly kind: 'query'; readonly end: number; readonly format: string | undefined }
  | {
      readonly kind: 'insert-rows';
      /** Where `FROM INFILE` may be put: before SETTINGS and FORMAT. */
      readonly sourceAt: number;
      readonly headEnd: number;
      readonly rowsAt: number;
      readonly format: string;
    }
  | { readonly kind: 'insert-query'; readonly end: number }
  | { readonly kind: 'many'; readonly at: number }
  | { readonly kind: 'empty' };

type Token = { readonly text: string; readonly start: number; readonly end: number };

const SPACE = /[\s\0]*/y;
const COMMENT = /--[^\n]*|#![^\n]*|# [^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const QUOTED: Readonly<Record<string, RegExp>> = {
  "'": /'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/y,
  '"': /"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)/y,
  '`': /`(?:[^`\\]|\\[\s\S]|``)*(?:`|$)/y,
};

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found === null ? at : at + found[0].length;
}

function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const next = matchAt(COMMENT, text, matchAt(SPACE, text, at));
    if (next === at) return at;
    at = next;
  }
}

function* tokens(text: string, from = 0): Generator<Token> {
  let at = skipBlank(text, from);
  while (at < text.length) {
    const quoted = QUOTED[text.charAt(at)];
    const end = Math.max(at + 1, matchAt(quoted ?? WORD, text, at));
    yield { text: text.slice(at, end), start: at, end };
    at = skipBlank(text, end);
  }
}

/** Reads the statement at the start of `text`. */
export function readStatement(text: string): Statement {
  const first = tokens(text).next().value;
  if (first === undefined) return { kind: 'empty' };

  if (first.text.toUpperCase() === 'INSERT') return readInsert(text);
  return readQuery(text);
}

function readQuery(text: string): Statement {
  let format: string | undefined;
  let formatEnd = 0;
  let previous: Token | undefined;
  let semicolon: Token | undefined;
  for (const token of tokens(text)) {
    if (token.text === ';') {
      semicolon ??= token;
      continue;
    }
    if (semicolon !== undefined) return { kind: 'many', at: token.start };
    const word = token.text.toUpperCase();
    // The word may also name a column: a format ends its statement, but for its settings.
    if (previous?.end === formatEnd && word !== 'SETTINGS') format = undefined;
    if (previous?.text.toUpperCase() === 'FORMAT' && WORD_ONLY.test(token.text)) {
      format = token.text;
      formatEnd = token.end;
    }
    previous = token;
  }
  return { kind: 'query', end: previous?.end ?? 0, format };
}

const WORD_ONLY = /^[A-Za-z_][A-Za-z0-9_]*$/;

function readInsert(text: string): Statement {
  let depth = 0;
  let sourceAt: number | undefined;
  let formatNext = false;
  for (const token of tokens(text)) {
    if (formatNext) return insertRows(text, { sourceAt: sourceAt ?? token.start, name: token });
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth !== 0) continue;
    const word = token.text.toUpperCase();
    if (word === 'SETTINGS') sourceAt ??= token.start;
    if (word === 'SELECT' || word === 'WITH' || word === 'FROM') return insertQuery(text);
    if (word === 'VALUES')
      return { ...insertValues(text, token), sourceAt: sourceAt ?? token.start };
    if (word === 'FORMAT') {
      sourceAt ??= token.start;
      formatNext = true;
    }
  }
  return insertQuery(text);
}

function insertValues(text: string, values: Token): Statement & { kind: 'insert-rows' } {
  const rowsAt = skipBlank(text, values.end);
  return { kind: 'insert-rows', sourceAt: 0, headEnd: values.end, rowsAt, format: 'Values' };
}

function insertQuery(text: string): Statement {
  const whole = readQuery(text);
  return whole.kind === 'query' ? { kind: 'insert-query', end: whole.end } : whole;
}

// The engine skips blanks after the format's name and at most one line break, then rows begin.
const BEFORE_ROWS = /[ \t\f\v]*(?:;?\r?\n)?/y;

function insertRows(
  text: string,
  { sourceAt, name }: { sourceAt: number; name: Token },
): Statement {
  const rowsAt = matchAt(BEFORE_ROWS, text, name.end);
  return { kind: 'insert-rows', sourceAt, headEnd: name.end, rowsAt, format: name.text };
}
