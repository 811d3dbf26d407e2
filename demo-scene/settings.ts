/** What the page's address decides: ?model=, ?device=webgpu, ?seed=. */
import type { Device } from '../runtime/contract.ts';

export interface Settings {
  /** Folder of the model pack, on this page's own origin. Default ./models/foley-tiny/. */
  modelUrl: string;
  /** Folder of onnxruntime-web's files. */
  ortUrl: string;
  /** Default 'wasm'. */
  device: Device;
  /** uint32: crates, choice of takes, first seed of the prompt box. Default 0. */
  seed: number;
}

/**
 * @param href the page's address.
 * @throws RangeError naming the parameter.
 */
export function readSettings(href: string): Settings {
  const { searchParams: given, origin } = new URL(href);
  const modelUrl = new URL(given.get('model') ?? './models/foley-tiny/', href);
  if (modelUrl.origin !== origin) {
    throw refusal('model', 'lie on the same origin as the page', modelUrl.href);
  }
  const device = given.get('device') ?? 'wasm';
  if (device !== 'wasm' && device !== 'webgpu')
    throw refusal('device', 'be wasm or webgpu', device);
  const seed = Number(given.get('seed') ?? 0);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw refusal('seed', 'be a whole number from 0 to 4294967295', given.get('seed') ?? '');
  }
  return { modelUrl: modelUrl.href, ortUrl: new URL('./ort/', href).href, device, seed };
}

function refusal(name: string, must: string, value: string): RangeError {
  return new RangeError(
    `demo: ?${name}= must ${must}, got "${value}". Correct the page's address.`,
  );
}
