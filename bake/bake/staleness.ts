/** What stands in the output folder, and in what it is not what a bake would leave there now. Writes nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../runtime/errors.ts';
import type { BakeManifest } from '../contract.ts';
import { codeOf } from '../files/file-trouble.ts';
import { faultsOfFiles, MANIFEST_FILE, parseManifest } from '../manifest.ts';
import type { BakeInputs } from './inputs.ts';

export interface Standing {
  /** undefined: none that can be read. */
  manifest: BakeManifest | undefined;
  /** Sentences; empty: there is nothing to do. */
  reasons: string[];
}

export async function standingOf(folder: string, inputs: BakeInputs): Promise<Standing> {
  const manifest = await manifestIn(folder);
  if (typeof manifest === 'string') return { manifest: undefined, reasons: [manifest] };
  const reasons =
    manifest.hash === inputs.hash ? [] : (namedDifferences(manifest, inputs) ?? [OTHER_SETTINGS]);
  return { manifest, reasons: [...reasons, ...(await faultsOfFiles(manifest, folder))] };
}

const OTHER_SETTINGS = 'seeds, durations, formats or settings of the gate are others than then';

/** @returns a sentence where there is none that can be read: a bake then writes it anew */
async function manifestIn(folder: string): Promise<BakeManifest | string> {
  const place = join(folder, MANIFEST_FILE);
  try {
    return parseManifest(await readFile(place, 'utf8'), place);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return `${MANIFEST_FILE} is not there`;
    return messageOf(error);
  }
}

/** @returns undefined where nothing can be named */
function namedDifferences(
  { model, sounds }: BakeManifest,
  { model: pack, map, plan }: BakeInputs,
): string[] | undefined {
  const then = new Map(
    Object.entries(sounds).map(([name, takes]) => [name, takes.map(({ prompt }) => prompt)]),
  );
  const now = new Map([...map.sounds.keys()].map((name) => [name, [] as string[]]));
  for (const { sound, spec } of plan.jobs) now.get(sound)?.push(spec.prompt);
  const differences = [
    ...(model.hash === pack.hash
      ? []
      : [`the model is another: ${pack.manifest.name}, not ${model.name} as then`]),
    ...[...then.keys()].filter((name) => !now.has(name)).map((name) => `sound '${name}' is gone`),
    ...[...now].flatMap(([name, prompts]) => differenceOf(name, prompts, then.get(name))),
  ];
  return differences.length === 0 ? undefined : differences;
}

function differenceOf(name: string, now: string[], then: string[] | undefined): string[] {
  if (then === undefined) return [`sound '${name}' is new`];
  const isSame = now.length === then.length && now.every((prompt, i) => prompt === then[i]);
  return isSame ? [] : [`sound '${name}' has other prompts, or another number of takes`];
}
