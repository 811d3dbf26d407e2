/**
 * A second reader of token packs, written from docs/token-pack.md alone: slow and obvious, checks nothing but the checksums.
 * Twin of runtime/token-pack.ts.
 */
import type { BakedTake, SamplingDefaults } from '../../runtime/contract.ts';

/** Bit by bit, from the polynomial. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0xedb88320n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}

function checkCrc(bytes: Uint8Array, crc: number): void {
  if (crcOf(bytes) !== crc) throw new Error('CRC-32 does not fit');
}

/** Bit i of the codes is bit i % 8 of byte ⌊i / 8⌋; a code's lowest bit comes first. */
function codesOf(bytes: Uint8Array, count: number, bits: number): Uint16Array {
  return Uint16Array.from({ length: count }, (_, code) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++) {
      const at = code * bits + bit;
      value += (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) * 2 ** bit;
    }
    return value;
  });
}

export function readPackSlowly(file: Uint8Array): BakedTake[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let at = 12;
  const skip = (count: number) => {
    at += count;
    return at - count;
  };
  const u8 = () => view.getUint8(skip(1));
  const u32 = () => view.getUint32(skip(4), true);
  const f32 = () => view.getFloat32(skip(4), true);
  const f64 = () => view.getFloat64(skip(8), true);
  const bytes = (count: number) => file.subarray(skip(count), at);
  const hash = () => Buffer.from(bytes(32)).toString('hex');
  const varint = (): number => {
    const byte = u8();
    return byte < 128 ? byte : byte - 128 + 128 * varint();
  };
  const list = <T>(read: () => T) => Array.from({ length: varint() }, read);
  const sampling = (): SamplingDefaults => ({
    guidanceScale: f64(),
    temperature: f64(),
    topK: varint(),
    topP: f64(),
  });

  // preamble
  const indexBytes = u32();
  u32();
  checkCrc(file.subarray(28, 28 + indexBytes), u32());
  checkCrc(file.subarray(0, 24), u32());

  // header
  hash();
  varint();
  varint();
  const numCodebooks = varint();
  const codebookSize = varint();
  const defaults = sampling();

  // index
  const texts = list(() => new TextDecoder().decode(bytes(varint())));
  const kinds = list(() => {
    const flags = u8();
    const kind = { loop: (flags & 1) === 1, duration: f64(), codecFrames: varint() };
    return { ...kind, sampling: flags & 2 ? sampling() : defaults };
  });
  const text = () => texts[varint()]!;
  const runs = list(() => {
    const [sound, prompt, model, licence] = [text(), text(), text(), text()] as const;
    const { sampling: how, codecFrames, ...kind } = kinds[varint()]!;
    return list(() => {
      const flags = u8();
      const seed = varint();
      const used = flags & 1 ? varint() : seed;
      const soundKey = hash();
      const cut = { start: varint(), length: varint() };
      const seam = flags & 2 ? [varint(), f32()] : [0, 0];
      const plan = { ...cut, crossfade: seam[0]!, correlation: seam[1]!, gainDb: f32() };
      const levels = { loudness: f32(), truePeak: f32() };
      const spec = { prompt, seed, ...kind, ...how };
      const take = { sound, spec, seed: used, soundKey, codecFrames, plan, ...levels };
      return { take: { ...take, model, licence }, crc: u32() };
    });
  });

  // codes
  const bits = Math.max(1, Math.ceil(Math.log2(codebookSize)));
  return runs.flat().map(({ take, crc }) => {
    const count = numCodebooks * take.codecFrames;
    const packed = bytes(Math.ceil((count * bits) / 8));
    checkCrc(packed, crc);
    return { ...take, codes: codesOf(packed, count, bits) };
  });
}
