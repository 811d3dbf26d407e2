import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { kernelsBinary } from '../../runtime/kernels/kernels-binary.ts';

describe('the module', () => {
  test('asks for memory alone and writes nothing to it when it starts', async () => {
    const module = new WebAssembly.Module(Buffer.from(kernelsBinary, 'base64'));
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: 'env', name: 'memory', kind: 'memory' },
    ]);
    const memory = new WebAssembly.Memory({ initial: 1 });
    new Uint8Array(memory.buffer).fill(0xaa);
    await WebAssembly.instantiate(module, { env: { memory } });
    expect(new Uint8Array(memory.buffer).every((byte) => byte === 0xaa)).toBe(true);
  });
});

describe('scratch', () => {
  test('addresses are aligned to 16 and do not overlap', async () => {
    const { scratch } = await loadKernels();
    const addresses = scratch((arena) => [1, 16, 17, 0, 4].map((bytes) => arena.reserve(bytes)));
    expect(addresses.map((address) => address - addresses[0]!)).toEqual([0, 16, 32, 64, 64]);
    expect(addresses[0]! % 16).toBe(0);
  });

  test('room is free again afterwards', async () => {
    const { scratch } = await loadKernels();
    const first = scratch((arena) => arena.reserve(1000));
    expect(scratch((arena) => arena.reserve(8))).toBe(first);
  });

  test('memory grows to what is asked for', async () => {
    const kernels = await loadKernels();
    const length = 1_000_000;
    const peak = kernels.scratch((arena) => {
      const pcm = arena.reserve(4 * length);
      const view = arena.f32(pcm, length);
      view[length - 1] = -2;
      return kernels.call.peak(pcm, length);
    });
    expect(peak).toBe(2);
  });

  test('more than a memory can hold is a RangeError', async () => {
    const { scratch } = await loadKernels();
    expect(() => scratch((arena) => arena.reserve(2 ** 33))).toThrow(RangeError);
    expect(scratch((arena) => arena.u8(arena.reserve(1), 1).length)).toBe(1);
  });

  test('no growth after a view, no scratch inside a scratch', async () => {
    const { scratch } = await loadKernels();
    const late = () =>
      scratch((arena) => {
        arena.f32(arena.reserve(4), 1);
        arena.reserve(4);
      });
    expect(late).toThrow(/after a view/);
    expect(() => scratch(() => scratch(() => 0))).toThrow(/inside another/);
    expect(scratch(() => 1)).toBe(1);
  });

  test('two instances do not share memory', async () => {
    const [one, other] = [await loadKernels(), await loadKernels()];
    const write = (value: number) => (arena: { reserve(n: number): number }) => {
      const address = arena.reserve(4);
      return { address, value };
    };
    const { address } = one.scratch((arena) => {
      const place = write(7)(arena);
      arena.u32(place.address, 1)[0] = place.value;
      return place;
    });
    expect(other.scratch((arena) => arena.u32(arena.reserve(4), 1)[0])).toBe(0);
    expect(one.scratch((arena) => arena.u32(address, 1)[0])).toBe(7);
  });
});
