/**
 * A bake that never ends, while somebody works on the sound map.
 *
 *   update ──▶ jobs ──▶ kept before: there at once
 *                   └─▶ the rest: made in the background, a few at a time, and kept ──▶ onChange after 8, 16, 32 … and all
 *   pack   ──▶ all that is there so far, as a token pack
 *
 * Takes are kept where a build keeps them, under the same ids: what one has made the other need not make. When all are there the
 * pack is the very one that a build would make.
 */
import { join } from 'node:path';
import type { SoundMap } from '../../plugin/sound-definition.ts';
import { isNamed, throwIfAborted } from '../../runtime/errors.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import type { Logger } from '../../runtime/logger.ts';
import { packInfoOf, writeTokenPack } from '../../runtime/token-pack.ts';
import { type BakeInputs, readInputs } from '../bake/inputs.ts';
import { makeTakes } from '../bake/make-takes.ts';
import { createProgressCount } from '../bake/progress-count.ts';
import { PRIVATE_FOLDER } from '../bake.ts';
import type { TakeRecord } from '../contract.ts';
import { createTakePool, type MakeAll } from '../take-pool.ts';
import { createFolderStore } from '../take-store.ts';
import type { PluginSettings } from './plugin-options.ts';
import { soundMapJson } from './sound-map-json.ts';

export interface LiveBake {
  /**
   * The sound map as it is now.
   * @returns what is in it; its takes come later
   * @throws SoundMapError, and what reading throws; then the one before stays
   */
  update(): Promise<SoundMap>;
  /** Grows with every change; 0: there was no right sound map yet. */
  readonly version: number;
  /** The sound map, as JSON; '' while version is 0. */
  readonly sounds: string;
  /** As baked so far. @throws Error where there was no right sound map yet */
  pack(): Promise<Uint8Array>;
  /** Idempotent. */
  dispose(): Promise<void>;
}

export interface LiveBakeParts {
  /** There is more to hear, or another sound map. */
  onChange: () => void;
  /** What stopped the making of takes. The next update tries again. */
  onError: (error: unknown) => void;
  logger: Logger;
  /** For tests: who makes the takes. */
  makeAll?: MakeAll;
}

type LiveSettings = Pick<PluginSettings, 'soundMap' | 'model' | 'output' | 'gate' | 'workers'>;

/** Takes after which the page is told first; then at twice as many, and so on. */
const FIRST_TOLD = 8;
/** Jobs for each thread in one go: how long an edit waits at most. */
const JOBS_A_THREAD = 4;

export function createLiveBake(settings: LiveSettings, parts: LiveBakeParts): LiveBake {
  const { soundMap, model, gate, workers, output } = settings;
  const { logger, onError } = parts;
  const kept = createFolderStore(join(output, PRIVATE_FOLDER, 'takes'));
  const pool = createTakePool({ model, gate }, { workers, logger });
  const makeAll = parts.makeAll ?? pool.makeAll;
  /** Of the present sound map, by id. */
  let records = new Map<string, TakeRecord>();
  let inputs: BakeInputs | undefined;
  let sounds = '';
  let version = 0;
  let packed: { version: number; pack: Promise<Uint8Array> } | undefined;
  let stop = new AbortController();
  let running: Promise<void> = Promise.resolve();

  function change(): void {
    version += 1;
    parts.onChange();
  }

  async function makeMissing(current: BakeInputs, signal: AbortSignal): Promise<void> {
    const { facts, plan } = current;
    const store = { ...kept, get: found };
    let [made, told] = [0, FIRST_TOLD];
    const few: MakeAll = async (jobs, onRecord) => {
      change(); // what was kept is heard at once
      const size = workers * JOBS_A_THREAD;
      for (let at = 0; at < jobs.length; at += size) {
        throwIfAborted(signal, 'live-bake');
        await makeAll(jobs.slice(at, at + size), async (record) => {
          await onRecord(record);
          if (signal.aborted) return;
          records.set(record.job.id, record);
          made += 1;
          if (made < told) return;
          told *= 2;
          change();
        });
      }
    };
    const progress = createProgressCount();
    const all = await makeTakes(plan.jobs, { store, makeAll: few, facts, progress, signal });
    throwIfAborted(signal, 'live-bake');
    records = new Map(all.records);
    change();
  }

  async function found(id: string): Promise<TakeRecord | undefined> {
    const record = records.get(id) ?? (await kept.get(id));
    if (record !== undefined) records.set(id, record);
    return record;
  }

  async function run(current: BakeInputs, signal: AbortSignal): Promise<void> {
    try {
      await makeMissing(current, signal);
    } catch (error) {
      if (!signal.aborted && !isNamed(error, 'AbortError')) onError(error);
    }
  }

  async function packNow(): Promise<Uint8Array> {
    if (inputs === undefined) throw new Error('scenefoley: there is no sound map yet. Correct it.');
    const takes = inputs.plan.jobs.flatMap(({ id, sound }) => {
      const record = records.get(id);
      return record === undefined ? [] : [{ ...record.take, sound }];
    });
    return writeTokenPack(await loadKernels(), packInfoOf(inputs.model.manifest), takes);
  }

  return {
    async update() {
      const json = await soundMapJson(soundMap);
      const next = await readInputs(soundMap, model, gate, ['foley']);
      stop.abort();
      await running;
      stop = new AbortController();
      [inputs, sounds] = [next, json];
      const ids = new Set(next.plan.jobs.map(({ id }) => id));
      records = new Map([...records].filter(([id]) => ids.has(id)));
      change();
      running = run(next, stop.signal);
      return next.map;
    },
    get version() {
      return version;
    },
    get sounds() {
      return sounds;
    },
    pack() {
      if (packed?.version !== version) packed = { version, pack: packNow() };
      return packed.pack;
    },
    async dispose() {
      stop.abort();
      await pool.dispose();
      await running;
    },
  };
}
