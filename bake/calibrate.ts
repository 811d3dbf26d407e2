/**
 * Measures the gain that finishing gives to a model's one-shots, as a rule: streams, whose loudness nobody knows yet, get
 * it (`loudness.streamGain` in model.json).
 *
 *   npm run calibrate -- models/foley-tiny     after training.export; 10 s
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { completeRequest } from '../runtime/sound-request.ts';
import { openNodePipeline } from './node-pipeline.ts';

const PROMPTS = [
  'heavy wooden door slams',
  'light footstep on gravel',
  'footsteps on snow',
  'glass breaks',
  'metal crate hits stone hard',
  'wood breaks',
  'rocks fall',
  'a coin is picked up',
  'a switch clicks',
  'sword hits a shield',
  'an arrow whooshes past',
  'a gun shot',
  'an explosion',
  'short laser shot',
  'electric spark',
  'a magic spell',
  'a bell rings once',
  'a car horn',
  'a dog barks',
  'a cat meows',
  'a bird chirps',
  'water drips',
  'a splash',
  'thunder',
];
const SEEDS = [0, 1];

const [folder = ''] = process.argv.slice(2);
const { pipeline, pack } = await openNodePipeline(folder);
const gains: number[] = [];
for (const prompt of PROMPTS) {
  for (const seed of SEEDS) {
    const request = completeRequest({ prompt, seed }, 1, pack.manifest);
    const { intermediates } = await pipeline.generate(request, { wantsIntermediates: true });
    gains.push(intermediates!.plan.gainDb);
  }
}
gains.sort((a, b) => a - b);
const quantile = (share: number) => gains[Math.round(share * (gains.length - 1))]!;
const streamGain = Math.round(10 * quantile(0.5)) / 10;
const path = join(folder, 'model.json');
const manifest = JSON.parse(await readFile(path, 'utf8')) as { loudness: object };
manifest.loudness = { ...manifest.loudness, streamGain };
await writeFile(path, `${JSON.stringify(manifest, undefined, 1)}\n`);
const quartiles = [0.25, 0.75].map((share) => quantile(share).toFixed(1)).join(' to ');
console.log(`${path}: streamGain ${streamGain} dB (quartiles ${quartiles})`);
