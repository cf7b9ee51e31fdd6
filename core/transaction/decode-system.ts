import { knownFields, refuseUnknown } from './fields.ts';
import { MAX_COMMENT_LENGTH, MAX_VERSION } from './limits.ts';
import type { Raw, Reader } from './reader.ts';
import type { ActivationNotice, Tick } from './transaction.ts';

const TICK_FIELDS = knownFields('', ['id', 'kind', 'at']);
const ACTIVATION_FIELDS = knownFields('', ['id', 'kind', 'version', 'hash', 'author', 'note']);

/** "It is now this late". */
export function decodeTick(reader: Reader, raw: Raw): Tick {
  refuseUnknown(reader, raw, TICK_FIELDS);
  return { kind: 'tick', id: reader.name(raw.id, 'id'), at: reader.instant(raw.at, 'at') };
}

/** A rule-set version becomes current here. */
export function decodeActivation(reader: Reader, raw: Raw): ActivationNotice {
  refuseUnknown(reader, raw, ACTIVATION_FIELDS);
  return {
    kind: 'activation',
    id: reader.name(raw.id, 'id'),
    version: reader.count(raw.version, 'version', MAX_VERSION),
    hash: reader.name(raw.hash, 'hash'),
    author: reader.optionalName(raw.author, 'author') ?? '',
    note: reader.comment(raw.note, 'note', MAX_COMMENT_LENGTH),
  };
}
