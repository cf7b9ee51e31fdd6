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
}

/** As the header says; `unknown` = look at the first byte. */
export const MESSAGE_FORMATS = ['json', 'msgpack', 'unknown'] as const;
export type MessageFormat = (typeof MESSAGE_FORMATS)[number];

/** Per message: sequence (8 bytes), storedAt (8), length (4), format, answer (1), unused (2). */
const ENTRY_BYTES = 24;

export function packMessages(messages: readonly LogMessage[]): ArrayBuffer {
  let bytes = 4 + ENTRY_BYTES * messages.length;
  for (const message of messages) bytes += message.data.length;

  const packed = new Uint8Array(bytes);
  const view = new DataView(packed.buffer);
  view.setUint32(0, messages.length, true);
  let entry = 4;
  let data = 4 + ENTRY_BYTES * messages.length;
  for (const message of messages) {
    view.setFloat64(entry, message.sequence, true);
    view.setFloat64(entry + 8, message.storedAt, true);
    view.setUint32(entry + 16, message.data.length, true);
    view.setUint8(entry + 20, MESSAGE_FORMATS.indexOf(message.format));
    view.setUint8(entry + 21, message.answer ? 1 : 0);
    packed.set(message.data, data);
    entry += ENTRY_BYTES;
    data += message.data.length;
  }
  return packed.buffer;
}

export function unpackMessages(buffer: ArrayBuffer): LogMessage[] {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const count = view.getUint32(0, true);
  const messages: LogMessage[] = [];
  let data = 4 + ENTRY_BYTES * count;
  for (let i = 0; i < count; i++) {
    const entry = 4 + ENTRY_BYTES * i;
    const length = view.getUint32(entry + 16, true);
    messages.push({
      sequence: view.getFloat64(entry, true),
      storedAt: view.getFloat64(entry + 8, true),
      format: MESSAGE_FORMATS[view.getUint8(entry + 20)] ?? 'unknown',
      answer: view.getUint8(entry + 21) === 1,
      data: bytes.subarray(data, data + length),
    });
    data += length;
  }
  return messages;
}
