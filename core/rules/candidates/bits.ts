/** A set of promotions by position, 32 to a word. */
export type Bits = Uint32Array;

export function noBits(count: number): Bits {
  return new Uint32Array(Math.ceil(count / 32));
}

export function bitsOf(positions: readonly number[], count: number): Bits {
  const bits = noBits(count);
  for (const position of positions) setBit(bits, position);
  return bits;
}

export function setBit(bits: Bits, position: number): void {
  const word = position >>> 5;
  bits[word] = ((bits[word] ?? 0) | (1 << (position & 31))) >>> 0;
}

export function hasBit(bits: Bits, position: number): boolean {
  return (((bits[position >>> 5] ?? 0) >>> (position & 31)) & 1) === 1;
}

export function copyInto(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word += 1) target[word] = other[word] ?? 0;
}

export function addInto(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word += 1) {
    target[word] = (target[word] ?? 0) | (other[word] ?? 0);
  }
}

export function keepOnly(target: Bits, other: Bits): void {
  for (let word = 0; word < target.length; word += 1) {
    target[word] = (target[word] ?? 0) & (other[word] ?? 0);
  }
}

/** The positions in a set, ascending. */
export function positionsIn(bits: Bits): number[] {
  const positions: number[] = [];
  for (let word = 0; word < bits.length; word += 1) {
    let rest = (bits[word] ?? 0) | 0;
    while (rest !== 0) {
      const lowest = rest & -rest;
      positions.push(word * 32 + 31 - Math.clz32(lowest));
      rest ^= lowest;
    }
  }
  return positions;
}
