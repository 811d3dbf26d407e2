/** What the page's address decides: ?model=, ?baked=, ?ort=, ?device=webgpu or auto, ?seed=, ?quality=low. */
import type { DeviceChoice } from '../runtime/contract.ts';
import type { Quality } from './room/stage.ts';

export interface Settings {
  /** Folder of the model pack, on this page's own origin. Default ./models/foley-tiny/. */
  modelUrl: string;
  /** Token pack that is heard while the model is still being fetched, on this page's own origin. Default ./sounds.foley; null: 'off'. */
  bakedUrl: string | null;
  /** Folder of onnxruntime-web's files, on this page's own origin. Default ./ort/. */
  ortUrl: string;
  /** Default 'wasm'. */
  device: DeviceChoice;
  /** uint32: crates, birds, choice of takes, first seed of the prompt box. Default 0. */
  seed: number;
  /** Default 'high'. */
  quality: Quality;
}

/**
 * @param href the page's address.
 * @throws RangeError naming the parameter.
 */
export function readSettings(href: string): Settings {
  const given = new URL(href).searchParams;
  const modelUrl = ownUrl('model', given.get('model') ?? './models/foley-tiny/', href);
  const baked = given.get('baked') ?? './sounds.foley';
  const bakedUrl = baked === 'off' ? null : ownUrl('baked', baked, href);
  const ortUrl = ownUrl('ort', given.get('ort') ?? './ort/', href);
  const device = given.get('device') ?? 'wasm';
  if (device !== 'wasm' && device !== 'webgpu' && device !== 'auto')
    throw refusal('device', 'be wasm, webgpu or auto', device);
  const seed = Number(given.get('seed') ?? 0);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw refusal('seed', 'be a whole number from 0 to 4294967295', given.get('seed') ?? '');
  }
  const quality = given.get('quality') ?? 'high';
  if (quality !== 'high' && quality !== 'low') throw refusal('quality', 'be high or low', quality);
  return { modelUrl, bakedUrl, ortUrl, device, seed, quality };
}

/** A link must not make this page run somebody else's files. */
function ownUrl(name: string, value: string, href: string): string {
  const url = new URL(value, href);
  if (url.origin === new URL(href).origin) return url.href;
  throw refusal(name, 'lie on the same origin as the page', url.href);
}

function refusal(name: string, must: string, value: string): RangeError {
  return new RangeError(
    `demo: ?${name}= must ${must}, got "${value}". Correct the page's address.`,
  );
}
