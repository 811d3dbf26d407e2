import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault, GateSettings } from '../../bake/contract.ts';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import { createQualityGate, DEFAULT_GATE, type QualityGate } from '../../bake/quality-gate.ts';
import type { Take } from '../../runtime/contract.ts';
import type { PipelineTake } from '../../runtime/pipeline.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';
import { hiss, inTurn, SAMPLE_RATE, silence, strike } from './quality-gate/sounds.ts';

const NO_JUDGE: GateSettings = { ...DEFAULT_GATE, minScore: 0 };

let parts: NodePipeline;
let made: Take;
beforeAll(async () => {
  parts = await openNodePipeline(TINY_PACK);
  const request = completeRequest({ prompt: 'rain', duration: 0.2 }, 1, parts.pack.manifest);
  made = await parts.pipeline.generate(request);
});
afterAll(() => parts.pipeline.dispose());

/** A take that sounds like this and was finished by nothing. */
const takeOf = (pcm: Float32Array, loop = false): Take => ({
  ...{ ...made, pcm, sampleRate: SAMPLE_RATE },
  ...(loop && { loop: { start: 0, end: pcm.length / SAMPLE_RATE } }),
});

async function faultsOf(pcm: Float32Array, loop = false) {
  const gate = await createQualityGate(NO_JUDGE, parts);
  return (await gate.judge(takeOf(pcm, loop), pcm)).faults;
}

describe('quality gate', () => {
  test('a sound that is over by its end has no fault', async () => {
    expect(await faultsOf(strike(0.8, 90))).toEqual([]);
  });

  test('each fault has its name; what is silent has no other', async () => {
    const clipped = strike(0.8, 90).map((sample) => Math.max(-1, Math.min(1, 4 * sample)));
    expect(await faultsOf(silence(1))).toEqual(['silent']);
    expect(await faultsOf(clipped)).toEqual(['clipped']);
    expect(await faultsOf(strike(0.8, 10))).toEqual(['cut-off']);
    expect(await faultsOf(inTurn(clipped, clipped.subarray(0, 3000)))).toEqual([
      'clipped',
      'cut-off',
    ]);
  });

  test('a loop has no end that could be cut', async () => {
    const ticks = inTurn(strike(0.4, 150), strike(0.05, 150));
    expect(await faultsOf(ticks)).toEqual(['cut-off']);
    expect(await faultsOf(ticks, true)).toEqual([]);
  });

  test('without a least score no judge is asked', async () => {
    const gate = await createQualityGate(NO_JUDGE, parts);
    const { score, fingerprint } = await gate.judge(takeOf(hiss(1, -20)), hiss(1, -20));
    expect(score).toBeNull();
    expect(fingerprint.some((value) => value > 0)).toBe(true);
  });

  test.each([
    [{ maxRolls: 0 }, /maxRolls must be 1 to 32, got 0/],
    [{ maxRolls: 33 }, /maxRolls must be 1 to 32, got 33/],
    [{ maxRolls: 1.5 }, /maxRolls must be 1 to 32, a whole number, got 1.5/],
    [{ minScore: -0.1 }, /minScore must be 0 to 1, got -0.1/],
    [{ minScore: Number.NaN }, /minScore must be 0 to 1, got NaN/],
    [{ maxLikeness: 1.1 }, /maxLikeness must be 0 to 1, got 1.1/],
  ])('%o is refused', async (wrong, message) => {
    await expect(createQualityGate({ ...NO_JUDGE, ...wrong }, parts)).rejects.toThrow(message);
  });
});

describe('quality gate with its judge', () => {
  const PROMPTS = ['heavy wooden door slams', 'a small bird sings', 'a dog barks', 'glass breaks'];
  let foley: NodePipeline;
  let takes: PipelineTake[];
  beforeAll(async () => {
    foley = await openNodePipeline('models/foley-tiny');
    takes = [];
    for (const prompt of PROMPTS) {
      const request = completeRequest({ prompt, duration: 1 }, 1, foley.pack.manifest);
      takes.push(await foley.pipeline.generate(request, { wantsIntermediates: true }));
    }
  });
  afterAll(() => foley.pipeline.dispose());

  const verdictOf = (gate: QualityGate, take: PipelineTake, prompt = take.prompt) =>
    gate.judge({ ...take, prompt }, take.intermediates?.rawPcm ?? take.pcm);

  test('takes of the embedded model pass; the same take gets the same verdict, of another gate too', async () => {
    const gates = [
      await createQualityGate(DEFAULT_GATE, foley),
      await createQualityGate(DEFAULT_GATE, foley),
    ];
    for (const take of takes) {
      const verdicts = await Promise.all(gates.map((gate) => verdictOf(gate, take)));
      expect(verdicts[0]).toMatchObject({ faults: [] });
      expect(verdicts[0]?.score).toBeGreaterThan(0.5);
      expect(verdicts[1]).toEqual(verdicts[0]);
    }
  });

  test('held against the words of another all score less, and most are off their prompt', async () => {
    const gate = await createQualityGate(DEFAULT_GATE, foley);
    const faults: Fault[] = [];
    for (const take of takes) {
      const own = await verdictOf(gate, take);
      for (const prompt of PROMPTS.filter((other) => other !== take.prompt)) {
        const verdict = await verdictOf(gate, take, prompt);
        expect(verdict.score).toBeLessThan(own.score ?? 0);
        faults.push(...verdict.faults);
      }
    }
    expect(new Set(faults)).toEqual(new Set(['off-prompt']));
    expect(faults.length).toBeGreaterThanOrEqual(9); // of 12
  });

  test('silence fits no words', async () => {
    const gate = await createQualityGate(DEFAULT_GATE, foley);
    const verdict = await gate.judge({ ...takeOf(silence(1)), prompt: 'rain' }, silence(1));
    expect(verdict).toMatchObject({ faults: ['silent'], score: 0 });
  });

  test('with a text encoder that it cannot read it warns once and asks no judge', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => void warnings.push(message), info: () => {} };
    const gate = await createQualityGate(DEFAULT_GATE, { ...parts, logger });
    const { score, faults } = await gate.judge(takeOf(strike(0.8, 90)), strike(0.8, 90));
    expect({ score, faults }).toEqual({ score: null, faults: [] });
    expect(warnings).toEqual([expect.stringMatching(/foley-judge reads all-MiniLM-L6-v2.*tiny/)]);
  });
});
