/**
 * `disclose`: the summary of generated sounds that stores ask for.
 *
 *   assets/manifest.json, … ──▶ counts, models, licences, where prompts came from ──▶ Markdown, or --json
 */

import { resolve } from 'node:path';
import { createCommand } from '../command/plain-command.ts';
import { readManifest } from '../manifest.ts';
import { disclosureText } from '../provenance/disclosure-text.ts';
import { disclosureOf } from '../provenance.ts';

const MOST_FOLDERS = 100;

export const runDisclose = createCommand({
  name: 'disclose',
  about: 'What stores ask about generated sounds',
  args: {
    assets: {
      type: 'positional',
      description: 'Folders that were baked into, or their manifests',
      required: false,
    },
    live: { type: 'boolean', description: 'The game makes sounds on the player’s machine too' },
    json: { type: 'boolean', description: 'For machines: one JSON object' },
  },
  words: { most: MOST_FOLDERS, missing: 'no folder. Say where sounds were baked to.' },
  async run(folders, { live, json }, { print }) {
    const opened = await Promise.all(folders.map((path) => readManifest(resolve(path))));
    const manifests = opened.map(({ manifest }) => manifest);
    const disclosure = disclosureOf(manifests, { live: live ?? false });
    print(json ? JSON.stringify(disclosure, undefined, 1) : disclosureText(disclosure));
  },
});
