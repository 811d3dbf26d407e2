import { messageOf } from '../errors.ts';

/** @returns why WebGPU cannot be used, or undefined if it can. */
export async function lackOfWebGpu(): Promise<string | undefined> {
  const { gpu } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  if (gpu === undefined) return 'the browser has none';
  try {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) return 'no adapter';
    return adapter.info.isFallbackAdapter ? 'no GPU, only software in its place' : undefined;
  } catch (error) {
    return messageOf(error);
  }
}
