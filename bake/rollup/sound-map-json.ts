/** A sound map as the game gets it: JSON, so that the page loads no YAML parser. */
import { readFile } from 'node:fs/promises';
import { readText } from '../../plugin/sound-map/read-text.ts';

/** @param path of YAML or JSON @throws SoundMapError for what is neither, Error of the file system */
export async function soundMapJson(path: string): Promise<string> {
  const { data } = await readText(await readFile(path, 'utf8'), path);
  return JSON.stringify(data);
}
