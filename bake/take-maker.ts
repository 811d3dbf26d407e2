/**
 * A job → its take: made, judged, rolled again until it passes.
 *
 *   job ──▶ seed of the roll ──▶ pipeline ──▶ take ──▶ gate ── passes, or locked ──▶ TakeRecord
 *                 ▲                                     │
 *                 └──────────── next roll ◀── faults ───┘      none passes: the best of them, with its faults
 *
 * The model is loaded once. What comes out depends on the job and the settings alone.
 */
import type { BakedTake, Take } from '../runtime/contract.ts';
import { toDb } from '../runtime/decibels.ts';
import { throwIfAborted } from '../runtime/errors.ts';
import type { Kernels } from '../runtime/kernels/kernels.ts';
import { type Logger, silentLogger } from '../runtime/logger.ts';
import { integratedLoudness } from '../runtime/loudness.ts';
import type { Intermediates, PipelineTake } from '../runtime/pipeline.ts';
import { truePeak } from '../runtime/true-peak.ts';
import type {
  GateSettings,
  MakerSettings,
  TakeJob,
  TakeMaker,
  TakeRecord,
  Verdict,
} from './contract.ts';
import { type NodePipeline, openNodePipeline } from './node-pipeline.ts';
import { neededCodes } from './take-maker/needed-codes.ts';
import { rollSeed } from './take-maker/roll-seed.ts';

/** What a maker asks of a quality gate. */
export interface TakeJudge {
  judge(take: Take, rawPcm: Float32Array): Promise<Verdict>;
}

export type OpenGate = (
  settings: GateSettings,
  parts: NodePipeline & { logger: Logger },
) => Promise<TakeJudge>;

const PASSES_ALL: TakeJudge = {
  judge: async () => ({ faults: [], score: null, fingerprint: new Float32Array(0) }),
};

/**
 * @param openGate for tests: another gate
 * @throws ModelPackError
 */
export async function createTakeMaker(
  { model, gate }: MakerSettings,
  logger: Logger = silentLogger,
  openGate: OpenGate = openOwnGate,
): Promise<TakeMaker> {
  const node = await openNodePipeline(model, logger);
  const judge = gate === null ? PASSES_ALL : await openGate(gate, { ...node, logger });
  const maxRolls = gate?.maxRolls ?? 1;
  let disposing: Promise<void> | undefined;
  return {
    async make(job, signal) {
      let best: TakeRecord | undefined;
      for (let roll = job.firstRoll; roll === job.firstRoll || roll < maxRolls; roll++) {
        throwIfAborted(signal, 'take-maker');
        const rolled = await rollOnce(node, judge, job, roll, signal);
        const record = { ...rolled, rolls: roll - job.firstRoll + 1 };
        best = { ...better(best, record), rolls: record.rolls };
        if (job.isLocked || record.verdict.faults.length === 0) break;
      }
      return best as TakeRecord;
    },
    dispose() {
      disposing ??= node.pipeline.dispose();
      return disposing;
    },
  };
}

type Rolled = Omit<TakeRecord, 'rolls'>;

async function rollOnce(
  { pipeline, pack, kernels }: NodePipeline,
  judge: TakeJudge,
  job: TakeJob,
  roll: number,
  signal: AbortSignal | undefined,
): Promise<Rolled> {
  const request = { ...job.spec, seed: rollSeed(job.spec.seed, roll), id: 1, priority: 0 };
  const take = await pipeline.generate(request, { signal, wantsIntermediates: true });
  const made = intermediatesOf(take);
  const verdict = await judge.judge(take, made.rawPcm);
  const codes = neededCodes(take.codes, made.plan, pack.manifest);
  return { job, take: bakedTake(kernels, job, { ...take, codes }, made), verdict };
}

function bakedTake(
  kernels: Kernels,
  { sound, spec }: TakeJob,
  { pcm, sampleRate, seed, soundKey, codes, numCodebooks, model, licence }: PipelineTake,
  { plan }: Intermediates,
): BakedTake {
  return {
    ...{ sound, spec, seed, soundKey, codes, model, licence },
    codecFrames: codes.length / numCodebooks,
    plan,
    loudness: integratedLoudness(kernels, pcm, sampleRate),
    truePeak: toDb(truePeak(kernels, pcm, spec.loop)),
  };
}

function intermediatesOf({ intermediates }: PipelineTake): Intermediates {
  if (intermediates !== undefined) return intermediates;
  throw new Error('take-maker: the pipeline keeps to itself what finishing did. Ask for it.');
}

/** Fewest faults, then the highest score, then the first. */
function better(best: TakeRecord | undefined, next: TakeRecord): TakeRecord {
  if (best === undefined) return next;
  const fewer = best.verdict.faults.length - next.verdict.faults.length;
  if (fewer !== 0) return fewer > 0 ? next : best;
  return (next.verdict.score ?? 0) > (best.verdict.score ?? 0) ? next : best;
}

/** Loaded where there is something to judge. */
const openOwnGate: OpenGate = async (settings, parts) => {
  const { createQualityGate } = await import('./quality-gate.ts');
  return createQualityGate(settings, parts);
};
