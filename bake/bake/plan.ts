/**
 * A sound map → the takes to make. Pure.
 *
 *   sound × prompt (prompts-of.ts) × seed (plugin/director/pool.ts)  ──▶  TakeJob, in the map's order
 *
 * The requests are the very ones that the plugin's pools ask for. What two sounds ask for alike is one job under two names;
 * where one of them locks it, it is locked.
 */
import { createPool } from '../../plugin/director/pool.ts';
import type { SoundDefinition, SoundMap } from '../../plugin/sound-definition.ts';
import type { SamplingDefaults, SoundSpec } from '../../runtime/contract.ts';
import { canonicalJson } from '../../runtime/sound-key.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import type { TakeJob } from '../contract.ts';
import { type MakingFacts, namedJob } from '../job-id.ts';
import { countPrompts, promptsOf } from './prompts-of.ts';

export interface PlanModel extends MakingFacts {
  sampling: SamplingDefaults;
  codebookSize: number;
}

export interface BakePlan {
  /** Several may have one id: sounds that ask for the same. */
  jobs: TakeJob[];
  /** Sentences: what cannot be baked, and why. */
  notes: string[];
}

/** Takes of one map. */
export const MAX_TAKES = 100_000;

/** @throws RangeError for a map that asks for more than MAX_TAKES, and for a name that no token pack takes */
export function planBake(map: SoundMap, model: PlanModel): BakePlan {
  const sounds = [...map.sounds.values()];
  checkNames(map.source, sounds);
  checkCount(map.source, sounds);
  const notes = sounds.length === 0 ? [`${map.source}: has no sounds, so nothing is baked.`] : [];
  const wanted = sounds.flatMap((sound) => takesOf(sound, model, notes));
  const locked = new Set(wanted.filter(({ isLocked }) => isLocked).map(specKey));
  const jobs = wanted.map((take) =>
    namedJob({ ...take, isLocked: locked.has(specKey(take)), firstRoll: 0 }, model),
  );
  return { jobs, notes };
}

type WantedTake = Pick<TakeJob, 'sound' | 'spec' | 'isLocked'>;

function takesOf(sound: SoundDefinition, model: PlanModel, notes: string[]): WantedTake[] {
  const { prompts, openSlots, tooLong } = promptsOf(sound);
  notes.push(...notesOn(sound.name, openSlots, tooLong));
  const isLocked = sound.takes.lock !== null;
  return prompts.flatMap((prompt) =>
    createPool(sound, prompt).requests.map((request) => {
      const { id: _id, priority: _priority, ...spec } = completeRequest(request, 1, model);
      return { sound: sound.name, spec, isLocked };
    }),
  );
}

function notesOn(name: string, openSlots: readonly string[], tooLong: number): string[] {
  const notes = openSlots.map(
    (slot) =>
      `sound '${name}': slot {${slot}} has no list of values, so it is baked with its default, or without it. Write values: [...] to have all its words.`,
  );
  if (tooLong === 0) return notes;
  const left = `sound '${name}': ${tooLong} of its prompts are too long and left out. Shorten the prompt, or its slots' values.`;
  return [...notes, left];
}

/** Two sounds that ask for the same. */
function specKey({ spec }: { spec: SoundSpec }): string {
  return canonicalJson(spec);
}

function checkNames(source: string, sounds: readonly SoundDefinition[]): void {
  const wrong = sounds.find(({ name }) => /[\p{Cc}\p{Cs}]/u.test(name));
  if (wrong === undefined) return;
  throw new RangeError(
    `bake-plan: ${source}: the name of a sound must have no control characters, got ${JSON.stringify(wrong.name)}. Rename it.`,
  );
}

function checkCount(source: string, sounds: readonly SoundDefinition[]): void {
  const counts = sounds.map((sound) => ({
    name: sound.name,
    takes: countPrompts(sound) * (sound.takes.lock === null ? sound.variations : 1),
  }));
  const total = counts.reduce((sum, { takes }) => sum + takes, 0);
  if (total <= MAX_TAKES) return;
  const most = counts.reduce((a, b) => (b.takes > a.takes ? b : a));
  throw new RangeError(
    `bake-plan: ${source}: asks for at most ${MAX_TAKES} takes, got ${total}; sound '${most.name}' alone has ${most.takes}. ` +
      `Shorten its slots' lists of values, or split the map.`,
  );
}
