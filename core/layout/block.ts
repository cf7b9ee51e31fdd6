import { assert } from '../assert.ts';
import type { LedgerRecord } from '../ledger/record.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readList } from './fields.ts';
import {
  type RecordInput,
  type RuleSetTable,
  RuleSetTableBuilder,
  readRecord,
  writeRecord,
} from './record.ts';
import { StoredNames } from './stored-names.ts';

/**
 * A ledger block: the records of one batch, framed and chained.
 *
 * ```
 * magic "AL" · format · partition · epoch · first sequence · count
 * previous block's hash (32 bytes) · rule-set hashes · names · body length · body
 * hash (32 bytes) of everything before it
 * ```
 * The hash is made outside (`workers/`), because it is the platform's fast SHA-256. As it covers
 * the previous hash, one block vouches for the whole ledger before it.
 *
 * Promotions, reasons, stores and the like come in every record; the block keeps each of these
 * names once. That halves its size, and reading it makes no new strings.
 */
export const BLOCK_FORMAT = 5;
export const HASH_BYTES = 32;
const MAGIC = [0x41, 0x4c] as const;

export interface BlockHeader {
  readonly partition: number;
  /** Epoch of the owner that wrote it. */
  readonly epoch: number;
  readonly firstSequence: number;
  readonly count: number;
  /** Hash of the block before, all zeros for the first. */
  readonly previousHash: Uint8Array;
}

export interface OpenBlock extends BlockHeader, RuleSetTable {
  readonly names: StoredNames;
  readonly body: Uint8Array;
  /** The block's own hash, as stored. */
  readonly hash: Uint8Array;
  /** What the hash must cover. */
  readonly hashed: Uint8Array;
}

/**
 * Packs the records of one batch as they are made, so that none has to be kept. Its memory is
 * used again for every batch: what it hands out is valid until `reset`.
 */
export class BlockWriter {
  readonly #body: ByteWriter;
  readonly #block: ByteWriter;
  #table = new RuleSetTableBuilder();
  #first = 0;
  #count = 0;
  #gapless = true;

  /** `capacity` in bytes to begin with; it grows. */
  constructor(capacity?: number) {
    this.#body = new ByteWriter(capacity);
    this.#block = new ByteWriter(capacity);
  }

  get count(): number {
    return this.#count;
  }

  get firstSequence(): number {
    return this.#first;
  }

  reset(): void {
    this.#body.reset();
    this.#table = new RuleSetTableBuilder();
    this.#count = 0;
    this.#gapless = true;
  }

  /** Gives the offset of the record in the body. `input` may say where its transaction's bytes are. */
  add(record: LedgerRecord, input?: RecordInput): number {
    if (this.#count === 0) this.#first = record.sequence;
    this.#gapless &&= record.sequence === this.#first + this.#count;
    this.#count += 1;
    const offset = this.#body.length;
    writeRecord(this.#body, record, { table: this.#table, input });
    return offset;
  }

  /** A record that was added, read from its bytes. */
  recordAt(offset: number): LedgerRecord {
    const { names } = this.#body;
    return readRecord(new ByteReader(this.#body.view(), offset, names), this.#table);
  }

  /** Everything but the trailing hash. */
  seal(header: Omit<BlockHeader, 'firstSequence' | 'count'>): Uint8Array {
    assert(this.#count > 0, 'a block holds at least one record');
    assert(this.#gapless, 'ledger sequences have no gap', this.#first);
    assert(header.previousHash.length === HASH_BYTES, 'a block names the block before it');
    const [body, block] = [this.#body, this.#block];
    block.reset();
    for (const byte of [...MAGIC, BLOCK_FORMAT]) block.byte(byte);
    block.unsigned(header.partition);
    block.unsigned(header.epoch);
    block.unsigned(this.#first);
    block.unsigned(this.#count);
    block.bytes(header.previousHash);
    block.unsigned(this.#table.hashes.length);
    for (const hash of this.#table.hashes) block.string(hash);
    block.unsigned(body.names.all.length);
    for (const name of body.names.all) block.string(name);
    block.unsigned(body.length);
    block.bytes(body.view());
    return block.view();
  }

  /** The sealed block with its hash behind it. */
  withHash(hash: Uint8Array): Uint8Array {
    assert(hash.length === HASH_BYTES, 'a block ends with its hash');
    this.#block.bytes(hash);
    return this.#block.view();
  }
}

export interface SealedBlock {
  /** Everything but the trailing hash. */
  readonly bytes: Uint8Array;
  /** Offset of each record in the body. */
  readonly offsets: readonly number[];
}

/** Packs records that are all at hand. The caller appends the hash. */
export function writeBlock(
  header: Omit<BlockHeader, 'firstSequence' | 'count'>,
  records: readonly LedgerRecord[],
): SealedBlock {
  const writer = new BlockWriter();
  const offsets = records.map((record) => writer.add(record));
  return { bytes: writer.seal(header), offsets };
}

/** Opens a stored block. Whether its hash is right is for the caller to check. */
export function openBlock(bytes: Uint8Array): OpenBlock {
  const reader = new ByteReader(bytes);
  const magic = [reader.byte(), reader.byte(), reader.byte()];
  assert(
    magic[0] === MAGIC[0] && magic[1] === MAGIC[1] && magic[2] === BLOCK_FORMAT,
    'not a ledger block of this version',
    magic,
  );
  const partition = reader.unsigned();
  const epoch = reader.unsigned();
  const firstSequence = reader.unsigned();
  const count = reader.unsigned();
  const previousHash = reader.bytes(HASH_BYTES);
  const hashes = readList(reader, (from) => from.string());
  const names = new StoredNames(bytes, reader);
  const body = reader.bytes(reader.unsigned());
  const hashed = bytes.subarray(0, reader.position);
  const hash = reader.bytes(HASH_BYTES);
  const header = { partition, epoch, firstSequence, count, previousHash };
  return { ...header, hashes, names, body, hash, hashed };
}

/** The record at a body offset. */
export function recordAt(block: OpenBlock, offset: number): LedgerRecord {
  return readRecord(new ByteReader(block.body, offset, block.names), block);
}

/** A record and where it lies in the block's body. */
export interface PlacedRecord {
  readonly record: LedgerRecord;
  readonly offset: number;
}

/**
 * All records of a block in ledger order, with their places. They are read as they are asked for:
 * who is done with one before the next lets it die young.
 */
export function* placedRecordsOf(block: OpenBlock): Generator<PlacedRecord> {
  const reader = new ByteReader(block.body, 0, block.names);
  for (let i = 0; i < block.count; i++) {
    const offset = reader.position;
    yield { offset, record: readRecord(reader, block) };
  }
  assert(reader.done, 'a ledger block holds more than its count says', block.firstSequence);
}

/** All records of a block, in ledger order. */
export function* recordsOf(block: OpenBlock): Generator<LedgerRecord> {
  for (const { record } of placedRecordsOf(block)) yield record;
}
