/**
 * Takes, made when somebody wants to hear them: one after the other, with the pipeline that bakes and plays use too.
 *
 *   prompt, seed, duration, loop ──▶ pipeline (codes are kept) ──▶ PCM ──▶ WAV
 *                                                              └── quality gate, loudness ──▶ TakeFacts
 */
import type { SoundRequestInput } from '../../runtime/contract.ts';
import { throwIfAborted } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { integratedLoudness } from '../../runtime/loudness.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import type { GateSettings } from '../contract.ts';
import { encodeWav } from '../formats/wav.ts';
import { openNodePipeline } from '../node-pipeline.ts';
import { createQualityGate } from '../quality-gate.ts';
import type { TakeFacts } from './contract.ts';

export interface HeardTake {
  wav: Uint8Array;
  facts: TakeFacts;
}

export interface TakeRoom {
  /** @throws RangeError, AbortError */
  make(input: SoundRequestInput, signal: AbortSignal): Promise<HeardTake>;
  dispose(): Promise<void>;
}

export interface TakeRoomSettings {
  /** Path or file: URL of a model pack. */
  model: string;
  /** null: no take has a fault. */
  gate: GateSettings | null;
}

/** @throws ModelPackError */
export async function openTakeRoom(
  { model, gate: settings }: TakeRoomSettings,
  logger: Logger,
): Promise<TakeRoom> {
  const node = await openNodePipeline(model, logger);
  const { pipeline, pack, kernels } = node;
  const gate = settings && (await createQualityGate(settings, { ...node, logger }));
  let last: Promise<unknown> = Promise.resolve();
  let isDisposed = false;

  async function make(input: SoundRequestInput, signal: AbortSignal): Promise<HeardTake> {
    throwIfAborted(signal, 'audition');
    const request = completeRequest(input, 1, pack.manifest);
    const take = await pipeline.generate(request, { signal, wantsIntermediates: true });
    const { pcm, sampleRate, loop, timings } = take;
    const verdict = await gate?.judge(take, take.intermediates?.rawPcm ?? pcm);
    const loudness = integratedLoudness(kernels, pcm, sampleRate);
    return {
      wav: encodeWav(pcm, sampleRate),
      facts: {
        sampleRate,
        loop: loop !== undefined,
        faults: verdict?.faults ?? [],
        score: verdict?.score ?? null,
        loudness: Number.isFinite(loudness) ? loudness : null,
        madeMs: timings.totalMs,
      },
    };
  }

  return {
    make(input, signal) {
      const result = last.then(() => make(input, signal));
      last = result.catch(() => {});
      return result;
    },
    async dispose() {
      if (isDisposed) return;
      isDisposed = true;
      await last;
      await pipeline.dispose();
    },
  };
}
