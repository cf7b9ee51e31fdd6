import { ByteWriter } from '../layout/bytes.ts';
import { digest128 } from '../layout/digest.ts';

/** How deep two refused transactions are compared; what lies deeper counts as equal. */
const DEPTH_MAX = 12;
/** How many values of one refused transaction are compared. */
const VALUES_MAX = 20_000;

/**
 * The content digest of something that could not be decoded into a transaction, so that the same
 * bad input under the same id is one rejection and other input is another. Keys count in sorted
 * order, so JSON and msgpack agree.
 */
export function rawDigest(value: unknown): Uint8Array {
  const writer = new ByteWriter(1024);
  let left = VALUES_MAX;

  const write = (part: unknown, depth: number): void => {
    left -= 1;
    if (left < 0 || depth > DEPTH_MAX) return;
    if (Array.isArray(part)) {
      writer.string(`[${part.length}`);
      for (const each of part) write(each, depth + 1);
    } else if (typeof part === 'object' && part !== null) {
      writer.string('{');
      for (const key of Object.keys(part).sort()) {
        writer.string(key);
        write(Reflect.get(part, key), depth + 1);
      }
    } else {
      writer.string(`${typeof part}:${String(part)}`);
    }
  };
  write(value, 0);
  return digest128(writer.view());
}
