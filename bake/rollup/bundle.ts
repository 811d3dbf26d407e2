/**
 * A build: the sound map is baked, and what a game needs of it goes into the bundle, hashed.
 *
 *   sounds.yaml ── bake.ts ──▶ sounds.foley ──▶ assets/sounds-4f2a….foley
 *              └───────────── as JSON ────────▶ assets/sounds-91c0….json
 *   model       ── its decoder, or all of it ─▶ assets/foley-tiny-77aa…/model.json, …
 *
 * The virtual module that comes of it holds their addresses.
 */
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type BakeReport, bake } from '../bake.ts';
import { modelPathOf } from '../node-pipeline.ts';
import type { BuildContext } from './hooks.ts';
import type { PluginSettings } from './plugin-options.ts';
import { openShippedModel } from './shipped-model.ts';
import { soundMapJson } from './sound-map-json.ts';

/** Lines of a list that are told. */
const MAX_LINES = 10;

/**
 * @param assets folder of the bundle that has assets
 * @returns the virtual module's code
 * @throws SoundMapError, and whatever a bake throws; Error for assets that are stale or takes that do not pass
 */
export async function bundleSounds(
  context: BuildContext,
  settings: PluginSettings,
  assets: string,
): Promise<string> {
  const pack = await bakedPack(context, settings);
  const name = basename(settings.soundMap, extname(settings.soundMap));
  const emit = (extension: string, source: string | Uint8Array) =>
    context.emitFile({ type: 'asset', name: `${name}${extension}`, source });
  const baked = emit('.foley', pack);
  const sounds = emit('.json', await soundMapJson(settings.soundMap));
  return moduleCode({
    baked: `[${urlOf(baked)}]`,
    sounds: urlOf(sounds),
    model: await emitModel(context, settings, assets),
    live: String(settings.ship !== 'decoder'),
  });
}

/** Bundlers put the address in its place. */
function urlOf(reference: string): string {
  return `import.meta.ROLLUP_FILE_URL_${reference}`;
}

interface Fields {
  baked: string;
  sounds: string;
  model: string;
  live: string;
}

function moduleCode(fields: Fields): string {
  const lines = Object.entries(fields).map(([name, code]) => `  ${name}: ${code},`);
  return [
    'export default {',
    ...lines,
    '};',
    'export function onSounds() {',
    '  return () => {};',
    '}',
    '',
  ].join('\n');
}

async function bakedPack(context: BuildContext, settings: PluginSettings): Promise<Uint8Array> {
  const { soundMap, output, model, workers, gate, check, release, strict } = settings;
  const options = { soundMap, output, model, workers, gate, check, release };
  const warn = (message: string) => context.warn(message);
  const logger = { warn, info: () => {} };
  const report = await bake({ ...options, formats: ['foley'], logger });
  if (report.outcome === 'stale') throw staleError(report, settings);
  const faults = faultLines(report);
  if (faults.length > 0 && strict) throw new Error(faults.join('\n'));
  if (faults.length > 0) warn(faults.join('\n'));
  const pack = report.files.find(({ path }) => path.endsWith('.foley'));
  if (pack === undefined) throw new Error(`scenefoley: ${output} has no pack. Bake it anew.`);
  return readFile(join(output, pack.path));
}

function staleError({ reasons }: BakeReport, { output, soundMap }: PluginSettings): Error {
  return new Error(
    `scenefoley: ${output} is not what a bake would make now: ${fewOf(reasons).join('; ')}. ` +
      `Run: scenefoley bake ${soundMap} -o ${output}`,
  );
}

function faultLines({ faulty }: BakeReport): string[] {
  if (faulty.length === 0) return [];
  const lines = faulty.map(
    ({ sound, prompt, seed, faults }) =>
      `  ${sound}: '${prompt}', seed ${seed}: ${faults.join(', ')}`,
  );
  const head = `scenefoley: ${faulty.length} takes do not pass the quality gate. Lock or ban them (scenefoley audition), or change the prompt:`;
  return [head, ...fewOf(lines)];
}

function fewOf(lines: readonly string[]): string[] {
  if (lines.length <= MAX_LINES) return [...lines];
  return [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more`];
}

/** In a folder of its own, under the names that it is asked for by. @returns the code of its address */
async function emitModel(
  context: BuildContext,
  { model, ship }: PluginSettings,
  assets: string,
): Promise<string> {
  if (typeof ship === 'object') return JSON.stringify(ship.at);
  const shipped = await openShippedModel(model, ship);
  const folder = [assets, `${basename(modelPathOf(model))}-${shipped.hash.slice(0, 8)}`].filter(
    Boolean,
  );
  const references: string[] = [];
  for (const name of shipped.names) {
    const fileName = [...folder, name].join('/');
    references.push(
      context.emitFile({ type: 'asset', fileName, source: await shipped.read(name) }),
    );
  }
  const [manifest = ''] = references;
  return `new URL('.', new URL(${urlOf(manifest)}, import.meta.url)).href`;
}
