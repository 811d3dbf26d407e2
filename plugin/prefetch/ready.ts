/**
 * What a loading screen waits for: the first take of every prompt that a part of the scene can need.
 *
 *   ready('hall') ──▶ nodes within the zone's bounds ──▶ plan (prefetch-plan.ts) ──▶ takes, baked ones first ──▶ onProgress
 */
import type { SoundRequestInput } from '../../runtime/contract.ts';
import { orAborted, throwIfAborted } from '../abort.ts';
import type { EngineAdapter, SceneContent } from '../adapter.ts';
import { type ActiveSound, poolOf } from '../director/active-sound.ts';
import type { Stage } from '../emitter/stage.ts';
import { type Boxes, boxOf, isIn } from '../mixer/zone-box.ts';
import { matches } from '../node-selector.ts';
import type { SoundMap, ZoneDefinition } from '../sound-definition.ts';
import { noSuch } from '../sound-map/words.ts';
import { inTiers } from '../takes/lanes.ts';
import type { TakeLibrary } from '../takes.ts';
import { planPrompts } from './prefetch-plan.ts';

/** `undefined` means default. */
export interface ReadyOptions {
  signal?: AbortSignal | undefined;
  /** Takes that are there, or could not be made, of all. Called at once, and at each. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface ReadyParts<N> {
  adapter: EngineAdapter<N>;
  takes: TakeLibrary;
  stage: Pick<Stage, 'ready'>;
  sounds: () => readonly ActiveSound[];
  map: () => SoundMap;
  /** Aborted when everything is disposed. */
  signal: AbortSignal;
  warn: (message: string) => void;
}

/** More than what is made ahead unasked, less than what is played. */
const READY_PRIORITY = -1;
/** Requests at a time: one that is made, one so that the worker has no gap. */
const LANES = 2;

/** @throws RangeError for an unknown zone; AbortError by the signals. What cannot be made counts as done, with one warning. */
export async function makeReady<N>(
  parts: ReadyParts<N>,
  zoneName: string | undefined,
  { signal, onProgress = () => {} }: ReadyOptions,
): Promise<void> {
  const stop = signal === undefined ? parts.signal : AbortSignal.any([parts.signal, signal]);
  throwIfAborted(stop, 'foley.ready');
  const { takes } = parts;
  const requests = requestsOf(parts, zoneName);
  let done = 0;
  let failed = 0;
  onProgress(0, requests.length);
  await inTiers(requests, LANES, takes, async (request) => {
    try {
      await takes.get(request, stop);
    } catch {
      throwIfAborted(stop, 'foley.ready');
      failed += 1;
    }
    done += 1;
    onProgress(done, requests.length);
  });
  await orAborted(parts.stage.ready, stop, 'foley.ready');
  if (failed > 0) {
    parts.warn(`foley: ${failed} of ${requests.length} takes could not be made ready.`);
  }
}

function requestsOf<N>(parts: ReadyParts<N>, zoneName: string | undefined): SoundRequestInput[] {
  const zone = zoneName === undefined ? null : zoneNamed(parts.map(), zoneName);
  const contents = [...parts.adapter.contents()];
  const plan = planPrompts(
    parts.sounds().filter(({ definition }) => zone?.sounds?.includes(definition.name) ?? true),
    zone === null ? contents : within(zone, contents, parts.adapter),
    parts.adapter.ear().position,
  );
  return plan
    .filter(({ coarse }) => !coarse)
    .flatMap(({ sound, prompt }) => poolOf(sound, prompt).requests.slice(0, 1))
    .map((request) => ({ ...request, priority: READY_PRIORITY }));
}

function zoneNamed({ zones }: SoundMap, name: string): ZoneDefinition {
  const zone = zones.get(name);
  if (zone !== undefined) return zone;
  throw new RangeError(`foley: ${noSuch('zone', name, [...zones.keys()])}`);
}

function within<N>(
  { node }: ZoneDefinition,
  contents: readonly SceneContent[],
  adapter: Boxes<N>,
): SceneContent[] {
  if (node === null) return [...contents];
  const rooms = contents.filter(({ object }) => matches(node, object));
  const boxes = rooms.flatMap((room) => boxOf(adapter, room) ?? []);
  return contents.filter(({ point, radius }) => boxes.some((box) => isIn(box, point, radius)));
}
