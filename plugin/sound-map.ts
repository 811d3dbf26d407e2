/**
 * The designer's file → SoundMap.
 *
 *   URL ── download ──▶ text ── YAML or JSON ──▶ data ── check ──▶ SoundMap
 *                       parseSoundMap            objects begin here
 *
 * What is wrong is one SoundMapError, told apart by its name, with every problem: file, line, field and what is allowed.
 */
import type { Logger } from '../runtime/client.ts';
import type { SoundMap } from './sound-definition.ts';
import { checkSoundMap } from './sound-map/check.ts';
import { type DownloadOptions, download } from './sound-map/download.ts';
import { isKeyed } from './sound-map/fields.ts';
import { hintsOn } from './sound-map/hints.ts';
import type { SoundMapInput } from './sound-map/input.ts';
import { readText } from './sound-map/read-text.ts';

export type { BindingInput } from './sound-map/binding-input.ts';
export { completeSound } from './sound-map/check.ts';
export type { SoundInput, SoundMapInput } from './sound-map/input.ts';
export { SoundMapError, type SoundMapProblem } from './sound-map/problems.ts';

export interface LoadSoundMapOptions extends DownloadOptions {
  /** Hears of what was hardly meant. Default: silent. */
  logger?: Pick<Logger, 'warn'> | undefined;
}

/** Whatever `FoleyOptions.sounds` takes. */
export type SoundMapSource = string | URL | SoundMapInput | SoundMap;

/**
 * @param source address of a YAML or JSON file, what would stand in one, or a map that is complete already.
 * @throws SoundMapError
 * @throws AbortError
 */
export async function loadSoundMap(
  source: SoundMapSource,
  options: LoadSoundMapOptions = {},
): Promise<SoundMap> {
  if (isComplete(source)) return source;
  const map = await mapFrom(source, options);
  if (options.logger !== undefined) for (const hint of hintsOn(map)) options.logger.warn(hint);
  return map;
}

async function mapFrom(
  source: string | URL | SoundMapInput,
  options: DownloadOptions,
): Promise<SoundMap> {
  if (typeof source !== 'string' && !(source instanceof URL))
    return checkSoundMap(source, 'sounds');
  const url = String(source);
  return parseSoundMap(await download(url, options), url);
}

/**
 * @param text YAML or JSON, at most 1 MB.
 * @param source file name or URL, for messages.
 * @throws SoundMapError
 */
export async function parseSoundMap(text: string, source = 'sounds.yaml'): Promise<SoundMap> {
  const { data, locate } = await readText(text, source);
  return checkSoundMap(data, source, locate);
}

function isComplete(source: SoundMapSource): source is SoundMap {
  return isKeyed(source) && source.sounds instanceof Map;
}
