/** A set of promotions by position, 32 to a word. */
export type Bits = Uint32Array;

export function noBits(count: number): Bits {
  return new Uint32Array(Math.ceil(count / 32));
}

export function setBit(bits: Bits, position: number): void {
  const word = position >>> 5;
  bits[word] = ((bits[word] ?? 0) | (1 << (position & 31))) >>> 0;
}

export function addInto(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word += 1) {
    target[word] = (target[word] ?? 0) | (other[word] ?? 0);
  }
}

/** The positions in all of the sets, ascending. */
export function positionsInAll(sets: readonly Bits[]): number[] {
  const positions: number[] = [];
  const words = sets[0]?.length ?? 0;
  for (let word = 0; word < words; word += 1) {
    let rest = 0xffff_ffff | 0;
    for (const bits of sets) rest &= bits[word] ?? 0;
    while (rest !== 0) {
      const lowest = rest & -rest;
      positions.push(word * 32 + 31 - Math.clz32(lowest));
      rest ^= lowest;
    }
  }
  return positions;
}
