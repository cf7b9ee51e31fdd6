import { must } from '../../core/assert.ts';

/**
 * One batch on its way to a worker thread: the raw messages of one partition, in stream order,
 * packed into a single buffer that is transferred, never cloned.
 */
export interface LogMessage {
  readonly sequence: number;
  /** When the stream stored it, milliseconds since 1970. */
  readonly storedAt: number;
  readonly format: MessageFormat;
  /** True when somebody waits for the answer. */
  readonly answer: boolean;
  readonly data: Uint8Array;
  /** The store whose till sent it; `''` for one of our own services, which may send anything. */
  readonly store: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** As the header says; `unknown` = look at the first byte. */
export const MESSAGE_FORMATS = ['json', 'msgpack', 'unknown'] as const;
export type MessageFormat = (typeof MESSAGE_FORMATS)[number];

/** Per message: sequence (8 bytes), storedAt (8), length (4), format, answer (1), store (2). */
const ENTRY_BYTES = 24;

/**
 * Stores are named by their place in a list that follows the entries, as JSON. Place 0 stands for
 * no store; where nobody has one, as in most batches, there is no list.
 */
export function packMessages(messages: readonly LogMessage[]): ArrayBuffer {
  const places = placesOf(messages);
  const names = places.size > 1 ? encoder.encode(JSON.stringify([...places.keys()])) : NO_NAMES;
  const start = 8 + ENTRY_BYTES * messages.length;
  let bytes = start + names.length;
  for (const message of messages) bytes += message.data.length;

  const packed = new Uint8Array(bytes);
  const view = new DataView(packed.buffer);
  view.setUint32(0, messages.length, true);
  view.setUint32(4, names.length, true);
  packed.set(names, start);
  let entry = 8;
  let data = start + names.length;
  for (const message of messages) {
    view.setFloat64(entry, message.sequence, true);
    view.setFloat64(entry + 8, message.storedAt, true);
    view.setUint32(entry + 16, message.data.length, true);
    view.setUint8(entry + 20, MESSAGE_FORMATS.indexOf(message.format));
    view.setUint8(entry + 21, message.answer ? 1 : 0);
    view.setUint16(entry + 22, places.get(message.store) ?? 0, true);
    packed.set(message.data, data);
    entry += ENTRY_BYTES;
    data += message.data.length;
  }
  return packed.buffer;
}

const NO_NAMES = new Uint8Array(0);
const NO_STORE: readonly string[] = [''];

/** Of each store its place in the list. */
function placesOf(messages: readonly LogMessage[]): ReadonlyMap<string, number> {
  const places = new Map([['', 0]]);
  for (const { store } of messages) {
    if (!places.has(store)) places.set(store, places.size);
  }
  return places;
}

export function unpackMessages(buffer: ArrayBuffer): LogMessage[] {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const count = view.getUint32(0, true);
  const start = 8 + ENTRY_BYTES * count;
  const namesBytes = view.getUint32(4, true);
  let data = start + namesBytes;
  const stores: readonly string[] =
    namesBytes === 0 ? NO_STORE : JSON.parse(decoder.decode(bytes.subarray(start, data)));
  const messages: LogMessage[] = [];
  for (let i = 0; i < count; i++) {
    const entry = 8 + ENTRY_BYTES * i;
    const length = view.getUint32(entry + 16, true);
    messages.push({
      sequence: view.getFloat64(entry, true),
      storedAt: view.getFloat64(entry + 8, true),
      format: MESSAGE_FORMATS[view.getUint8(entry + 20)] ?? 'unknown',
      answer: view.getUint8(entry + 21) === 1,
      data: bytes.subarray(data, data + length),
      store: must(stores[view.getUint16(entry + 22, true)], 'a store that is not in the list'),
    });
    data += length;
  }
  return messages;
}
