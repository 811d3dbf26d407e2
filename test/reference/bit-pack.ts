/** Twins of assemblyscript/bit-pack.ts: one bit at a time. */

export function packBits(codes: Uint16Array, bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((codes.length * bits) / 8));
  for (let bit = 0; bit < codes.length * bits; bit++) {
    const isSet = (codes[Math.floor(bit / bits)]! >> (bit % bits)) & 1;
    bytes[bit >> 3]! |= isSet << (bit & 7);
  }
  return bytes;
}

export function unpackBits(bytes: Uint8Array, count: number, bits: number): Uint16Array {
  const codes = new Uint16Array(count);
  for (let bit = 0; bit < count * bits; bit++) {
    const isSet = (bytes[bit >> 3]! >> (bit & 7)) & 1;
    codes[Math.floor(bit / bits)]! |= isSet << (bit % bits);
  }
  return codes;
}
