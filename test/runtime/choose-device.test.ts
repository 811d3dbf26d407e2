import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  chooseDevice,
  type DeviceChooser,
  type DeviceRecord,
  forgetfulStore,
  lackOfWebGpu,
  measureStepMs,
} from '../../runtime/choose-device.ts';
import type { Device } from '../../runtime/contract.ts';
import { openDeviceStore } from '../../runtime/device-store.ts';
import { fakeEngine } from './fake-engine.ts';
import { fakePack } from './fake-pack.ts';

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

/** A device with WebGPU whose steps take so long; null fails. Remembers what was measured. */
function chooser(stepMs: Record<Device, number | null>, changes: Partial<DeviceChooser> = {}) {
  const measured: Device[] = [];
  const all: DeviceChooser = {
    key: 'model browser',
    store: forgetfulStore,
    lackOfWebGpu: async () => undefined,
    async measure(device) {
      measured.push(device);
      const ms = stepMs[device];
      if (ms === null) throw new Error('no pipeline');
      return ms;
    },
    ...changes,
  };
  return { all, measured };
}

describe('choosing a device', () => {
  test('what was asked for is taken without measuring', async () => {
    for (const device of ['wasm', 'webgpu'] as const) {
      const { all, measured } = chooser({ wasm: 1, webgpu: 2 });
      expect(await chooseDevice(device, all)).toEqual({
        device,
        why: `${device} was asked for`,
      });
      expect(measured).toEqual([]);
    }
  });

  test('auto takes the faster one and says how much', async () => {
    const slow = await chooseDevice('auto', chooser({ wasm: 1.25, webgpu: 8 }).all);
    expect(slow.device).toBe('wasm');
    expect(slow.why).toBe(
      'auto: chose wasm: a step takes 1.25 ms on the CPU and takes 8.00 ms on WebGPU, measured now',
    );
    const fast = await chooseDevice('auto', chooser({ wasm: 1.25, webgpu: 0.5 }).all);
    expect(fast.device).toBe('webgpu');
  });

  test('auto without WebGPU, or with one that fails: the CPU, and why', async () => {
    const lackOfWebGpu = async () => 'no adapter';
    const none = chooser({ wasm: 1, webgpu: 0.1 }, { lackOfWebGpu });
    const without = await chooseDevice('auto', none.all);
    expect(without).toEqual({ device: 'wasm', why: 'auto: no WebGPU here (no adapter)' });
    expect(none.measured).toEqual([]);
    const failing = await chooseDevice('auto', chooser({ wasm: 1, webgpu: null }).all);
    expect(failing.device).toBe('wasm');
    expect(failing.why).toContain('a step takes 1.00 ms on the CPU and fails on WebGPU');
  });

  test('auto measures once per model and browser, then remembers, in IndexedDB', async () => {
    const logger = { info: vi.fn(), warn: vi.fn() };
    const first = chooser({ wasm: 2, webgpu: 1 }, { store: await openDeviceStore(logger) });
    expect((await chooseDevice('auto', first.all)).device).toBe('webgpu');
    const again = chooser({ wasm: 2, webgpu: 1 }, { store: await openDeviceStore(logger) });
    const chosen = await chooseDevice('auto', again.all);
    expect([chosen.device, again.measured]).toEqual(['webgpu', []]);
    expect(chosen.why).toMatch(/measured before$/);
    const other = { store: await openDeviceStore(logger), key: 'another model' };
    const third = chooser({ wasm: 2, webgpu: 1 }, other);
    await chooseDevice('auto', third.all);
    expect(third.measured).toEqual(['wasm', 'webgpu']);
    expect(logger.info).not.toHaveBeenCalled();
  });

  test('a record that is none is measured again', async () => {
    const store = await openDeviceStore({ info: () => {}, warn: () => {} });
    await store.put('model browser', { device: 'abacus' } as unknown as DeviceRecord);
    const { all, measured } = chooser({ wasm: 2, webgpu: 1 }, { store });
    await chooseDevice('auto', all);
    expect(measured).toEqual(['wasm', 'webgpu']);
  });

  test('storage refused: one note, and it is measured every time', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const notes: string[] = [];
    const logger = { info: (message: string) => notes.push(message), warn: () => {} };
    const { all, measured } = chooser(
      { wasm: 2, webgpu: 1 },
      { store: await openDeviceStore(logger) },
    );
    expect((await chooseDevice('auto', all)).device).toBe('webgpu');
    await chooseDevice('auto', all);
    expect(measured.length).toBe(4);
    expect(notes.length).toBe(1);
    expect(notes[0]).toContain('device-store: what was measured is not kept');
  });
});

test('measuring runs some steps of the model with its own sampling, and ends the generation', async () => {
  const { manifest } = fakePack();
  const engine = fakeEngine(manifest);
  const ms = await measureStepMs(engine, [2, 3], manifest);
  expect(ms).toBeGreaterThan(0);
  expect(engine.fed.length).toBe(32);
  expect(new Set(engine.batches)).toEqual(new Set([2]));
});

test('Node has no WebGPU, and a browser without adapter says so', async () => {
  expect(await lackOfWebGpu()).toBe('the browser has none');
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  expect(await lackOfWebGpu()).toBe('no adapter');
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.reject(new Error('lost')) } });
  expect(await lackOfWebGpu()).toBe('lost');
});
