import { describe, expect, test } from 'vitest';
import { appendBytes, type Gltf, readGltf, writeGltf } from '../../../bake/gltf/glb.ts';

const JSON_ONLY = { asset: { version: '2.0' }, extensions: { OTHER_thing: { a: [1, 'ö'] } } };

function glb(binary: Uint8Array = new Uint8Array(0)): Gltf {
  const buffers = [{ byteLength: binary.length }];
  return { json: { ...JSON_ONLY, ...(binary.length > 0 && { buffers }) }, binary };
}

describe('GLB', () => {
  test('read and written it is the same, whatever is in it', () => {
    for (const length of [0, 4, 100]) {
      const gltf = glb(new Uint8Array(length).map((_, i) => i));
      const bytes = writeGltf(gltf);
      expect(bytes.length % 4).toBe(0);
      expect(new DataView(bytes.buffer).getUint32(8, true)).toBe(bytes.length);
      expect(readGltf(bytes, 'x.glb')).toEqual(gltf);
    }
  });

  test('chunks of others behind the buffer are kept', () => {
    const whole = writeGltf(glb(new Uint8Array(8).fill(1)));
    const others = Uint8Array.of(4, 0, 0, 0, 0x61, 0x62, 0x63, 0x64, 1, 2, 3, 4);
    const bytes = new Uint8Array([...whole, ...others]);
    new DataView(bytes.buffer).setUint32(8, bytes.length, true);
    expect(writeGltf(readGltf(bytes, 'x.glb'))).toEqual(bytes);
  });

  test('chunks of others stand behind a buffer, though it is empty', () => {
    const others = Uint8Array.of(4, 0, 0, 0, 0x61, 0x62, 0x63, 0x64, 1, 2, 3, 4);
    const gltf = { ...glb(), others };
    expect(readGltf(writeGltf(gltf), 'x.glb')).toEqual(gltf);
  });

  test('bytes behind its end are no part of it', () => {
    for (const length of [0, 8]) {
      const whole = writeGltf(glb(new Uint8Array(length).fill(1)));
      const longer = new Uint8Array(whole.length + 13).fill(9);
      longer.set(whole);
      expect(writeGltf(readGltf(longer, 'x.glb'))).toEqual(whole);
    }
  });

  test('a buffer that lies elsewhere gets no bytes', () => {
    const buffers = [{ byteLength: 4, uri: 'mesh.bin' }];
    const gltf = { json: { ...JSON_ONLY, buffers }, binary: new Uint8Array(0) };
    expect(() => appendBytes(gltf, Uint8Array.of(1))).toThrow("lies elsewhere, at 'mesh.bin'");
    expect(gltf.json.buffers).toEqual([{ byteLength: 4, uri: 'mesh.bin' }]);
  });

  test('a .gltf stays text', () => {
    const text = new TextEncoder().encode(JSON.stringify(JSON_ONLY));
    const gltf = readGltf(text, 'x.gltf');
    expect(gltf).toEqual({ json: JSON_ONLY, binary: null });
    expect(JSON.parse(new TextDecoder().decode(writeGltf(gltf)))).toEqual(JSON_ONLY);
  });

  test('bytes are put at whole words, what was there stays', () => {
    for (const before of [0, 1, 4, 7]) {
      const data = new Uint8Array(before).fill(9);
      const gltf = { ...glb(data), binary: data };
      const number = appendBytes(gltf, Uint8Array.of(1, 2, 3));
      const again = readGltf(writeGltf(gltf), 'x.glb');
      const view = again.json.bufferViews![number]!;
      expect(view.byteOffset! % 4).toBe(0);
      expect([...again.binary!.subarray(view.byteOffset, view.byteOffset! + 3)]).toEqual([1, 2, 3]);
      expect([...again.binary!.subarray(0, before)]).toEqual([...data]);
      const { byteLength } = again.json.buffers![0]!;
      expect(again.binary!.length - byteLength).toBeLessThan(4);
      expect(again.binary!.length).toBeGreaterThanOrEqual(byteLength);
    }
  });

  test('cut short anywhere it is an error that names the file, never anything else', () => {
    const whole = writeGltf(glb(new Uint8Array(8)));
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      expect(() => readGltf(cut, 'x.glb')).toThrow(/^gltf: x\.glb/);
    }
  });

  test('another version, other chunks, other text', () => {
    const altered = (at: number, value: number) => {
      const bytes = writeGltf(glb(new Uint8Array(8)));
      new DataView(bytes.buffer).setUint32(at, value, true);
      return () => readGltf(bytes, 'x.glb');
    };
    expect(altered(4, 1)).toThrow('byte 4: glTF version 1, this reads 2');
    expect(altered(8, 1000)).toThrow('byte 8: a header for 1000 bytes, there are ');
    expect(altered(8, 11)).toThrow('byte 8: a header for 11 bytes, there are ');
    expect(altered(16, 7)).toThrow('byte 16: the first chunk is not JSON');
    expect(altered(12, 2 ** 31)).toThrow(
      'byte 12: a chunk of 2147483648 bytes goes beyond the end',
    );
    expect(() => readGltf(new TextEncoder().encode('{}'), 'y.gltf')).toThrow("no 'asset'");
    for (const nodes of [null, 'x', {}, [null], [1]]) {
      const text = JSON.stringify({ ...JSON_ONLY, nodes });
      expect(() => readGltf(new TextEncoder().encode(text), 'y.gltf')).toThrow(
        "gltf: y.gltf: 'nodes' must be a list of objects.",
      );
    }
    expect(() => readGltf(new TextEncoder().encode('no'), 'y.gltf')).toThrow(
      'neither .glb nor JSON',
    );
  });
});
