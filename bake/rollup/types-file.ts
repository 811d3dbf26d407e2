/** The .d.ts with the names of sounds: written where it differs, so that nothing that watches it is woken for nothing. */
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { SoundMap } from '../../plugin/sound-definition.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { PluginSettings } from './plugin-options.ts';
import { soundTypesOf } from './sound-types.ts';

export async function writeSoundTypes(
  map: SoundMap,
  { types, soundMap }: PluginSettings,
): Promise<void> {
  if (types === null) return;
  const text = soundTypesOf(map, basename(soundMap));
  const found = await readFile(types, 'utf8').catch(() => undefined);
  if (found === text) return;
  await mkdir(dirname(types), { recursive: true });
  await writeWhole(types, text);
}
