import { deserialize, serialize } from 'node:v8';
import { ENGINES } from '../../core/arbitration/emit.ts';
import type { ArbitrationTree } from '../../core/arbitration/tree.ts';
import { treeOfNormal } from '../../core/rules/compile.ts';
import type { NormalRuleSet } from '../../core/rules/normal.ts';

/**
 * The normal form of a version on its way from the thread that checked it to those that decide.
 * Most of compiling is reading, validating and normalising the document; that is done once. Shared
 * memory, so that a word to all threads does not copy it for each.
 */
export type NormalForm = SharedArrayBuffer;

export function packNormal(rules: NormalRuleSet): NormalForm {
  const bytes = serialize(rules);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}

/** The tree of a version whose hash was checked together with its normal form. */
export function treeOfForm(normal: NormalForm, hash: string): ArbitrationTree {
  // Packed above. A copy, because only memory of one's own can be read from.
  const rules = deserialize(Buffer.from(new Uint8Array(normal))) as NormalRuleSet;
  return treeOfNormal(rules, { emit: ENGINES.compiled, sealedAs: hash });
}
