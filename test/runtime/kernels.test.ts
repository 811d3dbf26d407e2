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

describe('memory that is kept', () => {
  test('addresses are aligned to 16, never 0, and do not overlap', async () => {
    const { memory } = await loadKernels();
    const addresses = [1, 16, 17, 0, 4].map((bytes) => memory.keep(bytes));
    expect(addresses.map((address) => address - addresses[0]!)).toEqual([0, 16, 32, 64, 64]);
    expect(addresses[0]! % 16).toBe(0);
    expect(addresses[0]).toBeGreaterThan(0);
  });

  test('it is zeros at first, holds what is written, and no scratch touches it', async () => {
    const { memory, scratch } = await loadKernels();
    const first = memory.keep(100);
    expect(memory.u8(first, 100).every((byte) => byte === 0)).toBe(true);
    memory.u8(first, 100).fill(7);
    scratch((arena) => {
      const bytes = 3 * 65536;
      arena.u8(arena.reserve(bytes), bytes).fill(0xff);
    });
    const second = memory.keep(100_000);
    memory.u8(second, 100_000).fill(9);
    expect(memory.u8(first, 100).every((byte) => byte === 7)).toBe(true);
    expect(second).toBeGreaterThanOrEqual(first + 100);
  });

  test('a scratch begins behind it', async () => {
    const { memory, scratch } = await loadKernels();
    const kept = memory.keep(1000);
    expect(scratch((arena) => arena.reserve(1))).toBeGreaterThanOrEqual(kept + 1000);
  });

  test('every kind of view sees the same bytes, after growth too', async () => {
    const { memory } = await loadKernels();
    const address = memory.keep(8);
    memory.f64(address, 1)[0] = -1.5;
    const views = () => [
      ...memory.u8(address, 8),
      ...memory.i8(address, 8),
      ...memory.u16(address, 4),
      ...memory.u32(address, 2),
      ...memory.f32(address, 2),
    ];
    const before = views();
    expect(before.slice(0, 16)).toEqual([0, 0, 0, 0, 0, 0, 0xf8, 0xbf, 0, 0, 0, 0, 0, 0, -8, -65]);
    expect(before.slice(16)).toEqual([0, 0, 0, 0xbff8, 0, 0xbff80000, 0, -1.9375]);
    memory.keep(1_000_000);
    expect(views()).toEqual(before);
  });

  test('keeping inside a scratch is an error, before and after it is not', async () => {
    const { memory, scratch } = await loadKernels();
    const first = memory.keep(4);
    expect(() => scratch(() => memory.keep(4))).toThrow(/keep\(\) inside a scratch/);
    expect(() => scratch(() => memory.expect(1e6))).toThrow(/expect\(\) inside a scratch/);
    expect(memory.keep(4)).toBe(first + 16);
  });

  test('what is expected grows the memory once, whatever is kept of it', async () => {
    const { memory } = await loadKernels();
    expect(memory.size).toBe(65536);
    memory.expect(1_000_000);
    const { size } = memory;
    expect(size).toBeGreaterThanOrEqual(1_000_000);
    for (let i = 0; i < 100; i++) memory.keep(10_000);
    expect(memory.size).toBe(size);
    memory.expect(1);
    expect(memory.size).toBe(size);
  });

  test('more than a memory can hold is a RangeError, and nothing is kept', async () => {
    const { memory } = await loadKernels();
    const first = memory.keep(4);
    expect(() => memory.keep(2 ** 33)).toThrow(RangeError);
    expect(() => memory.expect(2 ** 33)).toThrow(RangeError);
    expect(memory.keep(4)).toBe(first + 16);
  });
});
