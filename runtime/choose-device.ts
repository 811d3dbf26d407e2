/**
 * `device: 'auto'`: CPU or WebGPU, whichever makes this model's steps faster on this device. Measured once, then remembered.
 *
 *   no WebGPU ─────────────▶ wasm
 *   remembered ────────────▶ what was faster then
 *   otherwise ── measure ──▶ the faster one, and remember
 */
import type { Device, DeviceChoice } from './contract.ts';
import type { Engine } from './engine.ts';
import { messageOf } from './errors.ts';
import type { ModelManifest } from './model-manifest.ts';

/** What was measured, as it is kept. */
export interface DeviceRecord {
  device: Device;
  /** Milliseconds a step; null where a device could not be used. */
  stepMs: Record<Device, number | null>;
}

/** Keeps a record per model and browser. Never throws: what cannot be kept is measured again. */
export interface DeviceStore {
  get(key: string): Promise<DeviceRecord | undefined>;
  put(key: string, record: DeviceRecord): Promise<void>;
}

export interface ChosenDevice {
  device: Device;
  /** A sentence for developers. */
  why: string;
}

export interface DeviceChooser {
  /** Names the model and the browser. */
  key: string;
  store: DeviceStore;
  /** Why WebGPU cannot be used, or undefined if it can. */
  lackOfWebGpu(): Promise<string | undefined>;
  /** Milliseconds a step. @throws when the device cannot be used after all */
  measure(device: Device): Promise<number>;
}

export async function chooseDevice(
  wanted: DeviceChoice,
  chooser: DeviceChooser,
): Promise<ChosenDevice> {
  if (wanted !== 'auto') return { device: wanted, why: `${wanted} was asked for` };
  const lack = await chooser.lackOfWebGpu();
  if (lack !== undefined) return { device: 'wasm', why: `auto: no WebGPU here (${lack})` };
  const remembered = await chooser.store.get(chooser.key);
  if (remembered !== undefined) {
    return { device: remembered.device, why: `${reasonOf(remembered)}, measured before` };
  }
  const record = await measureBoth(chooser);
  await chooser.store.put(chooser.key, record);
  return { device: record.device, why: `${reasonOf(record)}, measured now` };
}

async function measureBoth({ measure }: DeviceChooser): Promise<DeviceRecord> {
  const wasm = await measure('wasm');
  const webgpu = await measure('webgpu').catch(() => null);
  const device = webgpu !== null && webgpu < wasm ? 'webgpu' : 'wasm';
  return { device, stepMs: { wasm, webgpu } };
}

function reasonOf({ device, stepMs }: DeviceRecord): string {
  const { wasm, webgpu } = stepMs;
  const told = (ms: number | null) => (ms === null ? 'fails' : `takes ${ms.toFixed(2)} ms`);
  return `auto: chose ${device}: a step ${told(wasm)} on the CPU and ${told(webgpu)} on WebGPU`;
}

const WARM_UP_STEPS = 8;
const MEASURED_STEPS = 24;

/** @returns milliseconds a step, the mean of some with the model's own sampling */
export async function measureStepMs(
  engine: Engine,
  tokenIds: number[],
  manifest: ModelManifest,
): Promise<number> {
  const text = await engine.encodeText(tokenIds);
  const codecFrames = WARM_UP_STEPS + MEASURED_STEPS;
  const generation = await engine.startTokens(text, { ...manifest.sampling, codecFrames, seed: 0 });
  try {
    for (let step = 0; step < WARM_UP_STEPS; step++) await generation.next();
    const began = performance.now();
    for (let step = 0; step < MEASURED_STEPS; step++) await generation.next();
    return (performance.now() - began) / MEASURED_STEPS;
  } finally {
    generation.dispose();
  }
}

/** A store that remembers nothing; for where there is no IndexedDB. */
export const forgetfulStore: DeviceStore = {
  get: async () => undefined,
  put: async () => {},
};

/** @returns why WebGPU cannot be used, or undefined if it can. */
export async function lackOfWebGpu(): Promise<string | undefined> {
  const { gpu } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  if (gpu === undefined) return 'the browser has none';
  try {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) return 'no adapter';
    // Older browsers do not say.
    return adapter.info?.isFallbackAdapter ? 'no GPU, only software in its place' : undefined;
  } catch (error) {
    return messageOf(error);
  }
}
