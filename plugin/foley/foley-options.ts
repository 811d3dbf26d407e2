/** What a foley is made with, and what of it is the runtime's. */
import type { Logger, RuntimeClient, RuntimeClientOptions } from '../../runtime/client.ts';
import type { Player } from '../../runtime/player.ts';
import type { SoundMapSource } from '../sound-map.ts';

/** `undefined` means default. */
export interface FoleyOptions {
  /** URL of the model pack's folder, as in '/models/foley-tiny/'; what is baked needs model.json and decoder.safetensors of it. */
  model: string;
  /**
   * Token packs (`npx scenefoley bake`), which are asked first: their URLs, or a player that you made and dispose yourself.
   * Default none.
   */
  baked?: string | URL | readonly (string | URL)[] | Player | undefined;
  /**
   * Make what is not baked while the game runs; default true. False: a game that ships without the model. What is not baked is
   * silence and one warning.
   */
  live?: boolean | undefined;
  /** A runtime you made and dispose yourself; default one of our own for `model`. */
  runtime?: RuntimeClient | undefined;
  /** These five are the runtime's, see RuntimeClientOptions. */
  device?: RuntimeClientOptions['device'] | undefined;
  ortUrl?: string | undefined;
  persist?: boolean | undefined;
  workerFactory?: RuntimeClientOptions['workerFactory'] | undefined;
  /** Which sounds the scene's events make: address of a YAML or JSON file, or what would stand in one. Default none. */
  sounds?: SoundMapSource | undefined;
  /** Default: silent. */
  logger?: Logger | undefined;
  /** Clips that play at once, ≥ 1; default 32. */
  maxVoices?: number | undefined;
  /** uint32, default 0; the same seed and the same events choose the same takes. */
  sessionSeed?: number | undefined;
  /** Play new sounds while they are still being made; default true. */
  stream?: boolean | undefined;
  /** Make what the scene can need ahead, while nothing more urgent is made; default true. Rules are not looked at. */
  prefetch?: boolean | undefined;
}

export const FOLEY_DEFAULTS = {
  maxVoices: 32,
  sessionSeed: 0,
  stream: true,
  prefetch: true,
} as const;

export function clientOptions(options: FoleyOptions): RuntimeClientOptions {
  const { model, device, ortUrl, persist, workerFactory, logger } = options;
  return {
    modelUrl: model,
    ...(device === undefined ? {} : { device }),
    ...(ortUrl === undefined ? {} : { ortUrl }),
    ...(persist === undefined ? {} : { persist }),
    ...(workerFactory === undefined ? {} : { workerFactory }),
    ...(logger === undefined ? {} : { logger }),
  };
}
