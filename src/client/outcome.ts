import { Fault } from '../fault.ts';
import { decodeAnswer, type Format } from './format.ts';
import { isOutcome, type OutcomeJson } from './outcome-json.ts';

/**
 * One outcome as it came. Most are handed on as they are, so the text of JSON is only taken apart
 * when somebody looks inside.
 */
export class Outcome {
  #text: string | undefined;
  #json: OutcomeJson | undefined;

  private constructor(text: string | undefined, json: OutcomeJson | undefined) {
    this.#text = text;
    this.#json = json;
  }

  static ofJson(json: OutcomeJson): Outcome {
    return new Outcome(undefined, json);
  }

  /** Of a text; anything but an outcome is a fault. */
  static ofText(text: string): Outcome {
    if (startsAccepted(text)) return new Outcome(text, undefined);
    const json: unknown = JSON.parse(text);
    if (!isOutcome(json)) throw unexpected({ expected: 1, received: 0 });
    return new Outcome(text, json);
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.#json);
    return this.#text;
  }

  get json(): OutcomeJson {
    // What starts like an outcome was made by the processor, whose contract it is.
    this.#json ??= JSON.parse(this.#text ?? 'null') as OutcomeJson;
    return this.#json;
  }

  /** A repeated rejection comes back as `exists`, with what was recorded. */
  get isRejected(): boolean {
    if (this.#json === undefined) return false;
    return this.#json.status === 'rejected' || this.#json.recorded === 'rejected';
  }

  /** The member that the transaction has to be sent for instead, if any. */
  get sendFor(): unknown {
    return this.#json?.['sendFor'];
  }
}

const ID_START = '{"id":"';
const ACCEPTED = '","status":"accepted"';

/** The first two fields of nearly all; what looks otherwise is taken apart. */
function startsAccepted(text: string): boolean {
  if (!text.startsWith(ID_START)) return false;
  const idEnd = text.indexOf('"', ID_START.length);
  return text[idEnd - 1] !== '\\' && text.startsWith(ACCEPTED, idEnd);
}

/** The outcomes in an answer; there have to be as many as transactions were asked about. */
export function outcomesIn(bytes: Uint8Array, format: Format, count: number): readonly Outcome[] {
  if (format === 'msgpack') return jsonsIn(decodeAnswer(bytes, format), count);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  try {
    const texts = text.startsWith('[') ? elementsOf(text) : [text];
    if (texts.length === count) return texts.map((each) => Outcome.ofText(each));
    throw unexpected({ expected: count, received: texts.length });
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const message = 'the answer is not json';
    throw new Fault('unexpected-answer', message, { retry: 'operator', cause });
  }
}

function jsonsIn(answer: unknown, count: number): readonly Outcome[] {
  const outcomes: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  if (outcomes.length === count && outcomes.every(isOutcome)) return outcomes.map(Outcome.ofJson);
  throw unexpected({ expected: count, received: outcomes.length });
}

function unexpected(facts: { readonly expected: number; readonly received: number }): Fault {
  const message = 'the processor answered with something else than outcomes';
  return new Fault('unexpected-answer', message, { retry: 'operator', facts });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
/** `{` and `[`, `}` and `]` differ from each other in this bit alone. */
const BRACKET_BIT = 0x20;
const OPEN = 0x5b | BRACKET_BIT;
const CLOSE = 0x5d | BRACKET_BIT;

/** The texts of the elements of a JSON array. Each is checked by whoever takes it apart. */
export function elementsOf(text: string): string[] {
  const end = text.lastIndexOf(']');
  const elements: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if ((code | BRACKET_BIT) === OPEN) depth += 1;
    else if ((code | BRACKET_BIT) === CLOSE) depth -= 1;
    else if (code === COMMA && depth === 0) {
      elements.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (text.slice(start, end).trim() !== '') elements.push(text.slice(start, end));
  return elements;
}

/** The closing quote of a string that opens at a place. */
function stringEnd(text: string, opened: number): number {
  for (let at = opened + 1; ; at += 1) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
}
