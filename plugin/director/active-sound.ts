/** A sound of the map while it is in use: its prompt compiled, and what is remembered of its prompts and pairs. All bounded. */
import type { Seconds } from '../../runtime/contract.ts';
import { createLruMap, type LruMap } from '../lru-map.ts';
import { compilePrompt, type PromptTemplate } from '../prompt.ts';
import type { SceneEvent } from '../scene-event.ts';
import type { SoundDefinition, TakeChoice } from '../sound-definition.ts';
import { createPool, type Pool } from './pool.ts';

export interface ActiveSound {
  /** As it was given. */
  readonly given: SoundDefinition;
  /** With the takes that were locked or banned since. */
  definition: SoundDefinition;
  readonly when: ((event: SceneEvent) => boolean) | null;
  readonly template: PromptTemplate;
  readonly pools: LruMap<string, Pool>;
  /** When a pair of objects may sound again. */
  readonly pairs: LruMap<string, { from: Seconds }>;
  /** Slots and conditions that were warned of. */
  readonly warned: Set<string>;
  /** Number of the last event that it sounded for: two bindings of one sound are one sound. */
  lastEvent: number;
}

const MAX_PROMPTS = 256;
const MAX_PAIRS = 1024;

/** @throws RangeError for a bad template. */
export function activate(
  given: SoundDefinition,
  when: ((event: SceneEvent) => boolean) | null = null,
): ActiveSound {
  return {
    given,
    definition: given,
    when,
    template: compilePrompt(given.prompt, given.slots),
    pools: createLruMap(MAX_PROMPTS),
    pairs: createLruMap(MAX_PAIRS),
    warned: new Set(),
    lastEvent: -1,
  };
}

export function poolOf({ definition, pools }: ActiveSound, prompt: string): Pool {
  const known = pools.get(prompt);
  if (known !== undefined) return known;
  const pool = createPool(definition, prompt);
  pools.set(prompt, pool);
  return pool;
}

/** Other takes from now on: pools begin anew. */
export function chooseTakes(active: ActiveSound, takes: TakeChoice): void {
  active.definition = { ...active.definition, takes };
  active.pools.clear();
}

/** @returns whether this pair sounded less than a cooldown ago; if not, it counts as sounding now. */
export function isCoolingDown(
  { definition, pairs }: ActiveSound,
  { a, b }: SceneEvent,
  time: Seconds,
): boolean {
  if (definition.cooldown === 0) return false;
  const pair = `${a.id}|${b.id}`;
  if (time < (pairs.get(pair)?.from ?? -Infinity)) return true;
  pairs.set(pair, { from: time + definition.cooldown });
  return false;
}
