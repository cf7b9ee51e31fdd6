import { isNode, LineCounter, parseDocument } from 'yaml';

/** Bytes of one rule-set file. */
export const DOCUMENT_BYTES_MAX = 8 << 20;
/** How often aliases may repeat what they name, so that a small file cannot become a huge one. */
const ALIASES_MAX = 100;

/** Where something stands in a file, counted from 1. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

/** A document as read: plain data, and where its parts stand. */
export interface ReadDocument {
  readonly value: unknown;
  /** The position of what a JSON pointer names, or of the nearest part around it. */
  readonly positionOf: (pointer: string) => FilePosition;
}

export type ReadResult =
  | { readonly ok: true; readonly document: ReadDocument }
  | { readonly ok: false; readonly message: string; readonly position: FilePosition };

const START: FilePosition = { line: 1, column: 1 };

/** Reads JSON or YAML 1.2, which contains JSON. Never runs or constructs anything. */
export function parseRuleDocument(text: string): ReadResult {
  if (Buffer.byteLength(text) > DOCUMENT_BYTES_MAX) {
    const message = `the file is larger than ${DOCUMENT_BYTES_MAX} bytes`;
    return { ok: false, message, position: START };
  }
  const counter = new LineCounter();
  const parsed = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: counter,
  });
  const at = (offset: number): FilePosition => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [error] = parsed.errors;
  if (error !== undefined) {
    return { ok: false, message: error.message, position: at(error.pos[0]) };
  }
  try {
    const value: unknown = parsed.toJS({ maxAliasCount: ALIASES_MAX });
    const positionOf = (pointer: string) => {
      for (const path of [...shorterAndShorter(pointer)]) {
        const node: unknown = parsed.getIn(path, true);
        if (isNode(node) && node.range) return at(node.range[0]);
      }
      return START;
    };
    return { ok: true, document: { value, positionOf } };
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    return { ok: false, message, position: START };
  }
}

/** The path of a JSON pointer, then that of its parent, and so on up to the whole document. */
function* shorterAndShorter(pointer: string): Generator<string[]> {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  for (let length = keys.length; length >= 0; length -= 1) yield keys.slice(0, length);
}
