/**
 * What the player costs, in a page: a pack of a thousand sounds of 1 s, with codes drawn at random, behind a blob's URL.
 *
 *   load_ms      new player → all is known that the pack holds, the decoder is ready; its files come from the page's server
 *   decode_ms    a sound that was not played before: codes → finished PCM, in the worker
 *   take_ms      … and the way to the worker and back
 *   cached_ms    a sound that was played before → in the caller's hands
 *   has_ms       asking for each of the thousand
 *
 * Medians.
 */
import { openDecoderPack } from '../../runtime/baked-decoder.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { urlSource } from '../../runtime/pack-source.ts';
import { createPlayer, type Player } from '../../runtime/player.ts';
import { packInfoOf, writeTokenPack } from '../../runtime/token-pack.ts';
import { thousandTakes } from '../support/thousand-takes.ts';
import { median } from './measure.ts';

export interface PlayerFigures {
  pack_bytes: number;
  load_ms: number;
  decode_ms: number;
  take_ms: number;
  cached_ms: number;
  has_ms: number;
}

const LOADS = 5;
/** The worker compiles. */
const WARM_UP = 40;
const TAKES = 100;

export async function measurePlayer(model: string): Promise<PlayerFigures> {
  const { manifest } = await openDecoderPack(urlSource(model));
  const info = packInfoOf(manifest);
  const pack = writeTokenPack(await loadKernels(), info, thousandTakes(info));
  const packs = URL.createObjectURL(new Blob([pack]));
  const loads: number[] = [];
  let player = createPlayer({ packs, model });
  for (let i = 0; i < LOADS; i++) {
    await player.dispose();
    player = createPlayer({ packs, model });
    loads.push(await timed(() => player.load()));
  }
  const figures = await measureTakes(player);
  await player.dispose();
  URL.revokeObjectURL(packs);
  return { pack_bytes: pack.length, load_ms: median(loads), ...figures };
}

async function measureTakes(player: Player) {
  const specs = player.sounds.map(({ spec }) => spec);
  const decode: number[] = [];
  const take: number[] = [];
  for (const spec of specs.slice(0, WARM_UP + TAKES)) {
    take.push(await timed(async () => decode.push((await player.take(spec)).timings.totalMs)));
  }
  const cached: number[] = [];
  for (const spec of specs.slice(WARM_UP, WARM_UP + TAKES)) {
    cached.push(await timed(() => player.take(spec)));
  }
  const began = performance.now();
  if (!specs.every((spec) => player.has(spec))) throw new Error('bench: a sound is not there.');
  return {
    decode_ms: median(decode.slice(WARM_UP)),
    take_ms: median(take.slice(WARM_UP)),
    cached_ms: median(cached),
    has_ms: performance.now() - began,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
