/**
 * The same 200 takes in every format: bytes, and how long they take to decode in Node. scripts/bench-formats.mjs bundles and
 * runs it; leaves one file of each format and sound in a folder, and prints one line of JSON.
 *
 *   node dist/bench/formats.js <model folder> <folder for files>
 *
 *   50 prompts × 4 seeds ── pipeline ──▶ takes ─┬─ token pack: all in one file ── baked decoder ──▶ PCM
 *                                               └─ opus, flac, wav: a file each ── their decoders ──▶ PCM
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { OggOpusDecoder } from 'ogg-opus-decoder';
import { type FileFormat, writeAssets } from '../../bake/formats.ts';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import { neededCodes } from '../../bake/take-maker/needed-codes.ts';
import { createBakedDecoder, openDecoderPack } from '../../runtime/baked-decoder.ts';
import type { BakedTake, Seconds, Take } from '../../runtime/contract.ts';
import { toDb } from '../../runtime/decibels.ts';
import { loadFastestKernels } from '../../runtime/kernels/fastest-kernels.ts';
import { integratedLoudness } from '../../runtime/loudness.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import {
  bytesSource,
  openTokenPack,
  packInfoOf,
  writeTokenPack,
} from '../../runtime/token-pack.ts';
import { truePeak } from '../../runtime/true-peak.ts';
import { LOOPS, ONE_SHOTS, SEEDS } from './formats/prompts.ts';

const [folder = '', files = ''] = process.argv.slice(2);
const FORMATS: FileFormat[] = ['opus', 'flac', 'wav'];
const ONE_SHOT: Seconds = 1;
const LOOP: Seconds = 3;
const ROUNDS = 3;

interface Baked {
  take: Take;
  baked: BakedTake;
}

interface Figures {
  bytes: number;
  /** Of a token pack: all but the codes. */
  index?: number;
  /** Milliseconds for a second of audio; null where there is nothing to decode. */
  decode_ms: number | null;
}

const node = await openNodePipeline(folder);
const all = await makeAll(node);
const seconds = sum(all.map(({ take }) => take.pcm.length / take.sampleRate));
await mkdir(files, { recursive: true });
const formats: Record<string, Figures> = { foley: await measurePack(node, all) };
for (const format of FORMATS) formats[format] = await measureFiles(format, all);
const report = { takes: all.length, seconds, formats };
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit());

async function makeAll({ pipeline, pack, kernels }: NodePipeline): Promise<Baked[]> {
  const made: Baked[] = [];
  const requests = [
    ...ONE_SHOTS.map((prompt) => ({ prompt, loop: false, duration: ONE_SHOT })),
    ...LOOPS.map((prompt) => ({ prompt, loop: true, duration: LOOP })),
  ];
  for (const wanted of requests) {
    for (const seed of SEEDS) {
      const request = completeRequest({ ...wanted, seed }, 1, pack.manifest);
      const take = await pipeline.generate(request, { wantsIntermediates: true });
      const { id: _id, priority: _priority, ...spec } = request;
      const { numCodebooks, soundKey, model, licence, pcm } = take;
      const { plan } = take.intermediates!;
      const codes = neededCodes(take.codes, plan, pack.manifest);
      made.push({
        take,
        baked: {
          ...{ sound: wanted.prompt, spec, seed, soundKey, model, licence, codes },
          codecFrames: codes.length / numCodebooks,
          plan,
          loudness: integratedLoudness(kernels, pcm, take.sampleRate),
          truePeak: toDb(truePeak(kernels, pcm, wanted.loop)),
        },
      });
    }
  }
  return made;
}

async function measurePack({ pack, kernels }: NodePipeline, takes: Baked[]): Promise<Figures> {
  const bytes = writeTokenPack(
    kernels,
    packInfoOf(pack.manifest),
    takes.map(({ baked }) => baked),
  );
  await writeFile(join(files, 'sounds.foley'), bytes);
  const opened = await openTokenPack(bytesSource(bytes, 'sounds.foley'));
  const { manifest, weights } = await openDecoderPack(folderSource(folder, readFile));
  const own = await loadFastestKernels();
  const decoder = createBakedDecoder(own, manifest, weights);
  const decode = async () => {
    for (const sound of opened.sounds) {
      await decoder.decode({ ...sound, codes: await opened.readCodes(own, sound) });
    }
  };
  const { index } = opened.bytes;
  return { bytes: bytes.length, index, decode_ms: await millisecondsPerSecond(decode) };
}

async function measureFiles(format: FileFormat, takes: Baked[]): Promise<Figures> {
  const written: Uint8Array[] = [];
  for (const { take, baked } of takes) written.push(await writeAssets(format, take, baked));
  for (const [i, bytes] of written.entries()) await writeFile(join(files, `${i}.${format}`), bytes);
  const bytes = sum(written.map(({ length }) => length));
  if (format === 'wav') return { bytes, decode_ms: null };
  const decoder = format === 'opus' ? new OggOpusDecoder() : new FLACDecoder();
  await decoder.ready;
  const decode = async () => {
    for (const file of written) {
      await decoder.decodeFile(file);
      await decoder.reset();
    }
  };
  return { bytes, decode_ms: await millisecondsPerSecond(decode) };
}

/** The fastest round: in the first the JavaScript engine still compiles. */
async function millisecondsPerSecond(decode: () => Promise<void>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await decode();
    fastest = Math.min(fastest, performance.now() - began);
  }
  return fastest / seconds;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
