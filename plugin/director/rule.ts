/** A rule in code is a small sound map: one sound, bound to collisions. */
import type { Seconds } from '../../runtime/contract.ts';
import { ATTENUATION_DEFAULTS } from '../adapter.ts';
import { ANY_COLLISION } from '../event-binding.ts';
import { checkTemplate } from '../prompt.ts';
import type { SceneEvent } from '../scene-event.ts';
import type { SoundDefinition } from '../sound-definition.ts';
import { USUAL_DURATION } from '../takes/meter.ts';

/** What a collision sounds like. `undefined` means default. */
export interface CollisionRule {
  /** Which events; default all. */
  when?: ((event: SceneEvent) => boolean) | undefined;
  /** Template, see prompt.ts: '{intensity} impact of a {a.material} crate on {b.material}'. */
  prompt: string;
  /** Newton seconds, ≥ 0; softer contacts are silent. Default 0.5. */
  minImpulse?: number | undefined;
  /** Least time between two sounds of the same pair of objects, 0 to 3600; default 0.1. */
  cooldown?: Seconds | undefined;
  /**
   * How late after the event a sound may begin that is only now being made, 0 to 10; default 0.12, the longest that sound
   * and picture seem one. 0: what is not ready is silent.
   */
  lateness?: Seconds | undefined;
  /** Of the generated clip, 0.1 to 10; default the runtime's. */
  duration?: Seconds | undefined;
  /** Variations of each prompt, a whole number from 1 to 64; default 3. */
  takes?: number | undefined;
  /** Higher is generated sooner and stolen later; default 0. */
  priority?: number | undefined;
  /** Linear, 0 to 100, default 1; times the impact's own gain (see impactGain). */
  volume?: number | undefined;
}

export const RULE_DEFAULTS = {
  minImpulse: 0.5,
  cooldown: 0.1,
  lateness: 0.12,
  takes: 3,
  priority: 0,
  volume: 1,
} as const;

/** Voices of one rule at once, if there are as many. */
const RULE_VOICES = { max: 32, steal: 'oldest', fade: 0.01 } as const;

/** @throws RangeError for a bad template or number. */
export function soundOfRule(name: string, rule: CollisionRule): SoundDefinition {
  checkTemplate(rule.prompt);
  return {
    name,
    prompt: rule.prompt,
    slots: new Map(),
    duration: rule.duration ?? USUAL_DURATION,
    variations: Math.floor(inRange(rule, 'takes', 1, 64)),
    takes: { lock: null, ban: [] },
    cooldown: inRange(rule, 'cooldown', 0, 3600),
    minImpulse: inRange(rule, 'minImpulse', 0, Number.MAX_VALUE),
    lateness: inRange(rule, 'lateness', 0, 10),
    volume: inRange(rule, 'volume', 0, 100),
    pitch: 0,
    jitter: { pitch: 0, volume: 0 },
    voices: RULE_VOICES,
    priority: inRange(rule, 'priority', -1e9, 1e9),
    virtual: false,
    attenuation: { ...ATTENUATION_DEFAULTS, cone: null },
    bus: 'main',
    reverb: 0,
    occlusion: false,
    loop: false,
    ambience: null,
    control: [],
    caption: null,
    fallback: null,
    on: [ANY_COLLISION],
  };
}

function inRange(
  rule: CollisionRule,
  field: keyof typeof RULE_DEFAULTS,
  min: number,
  max: number,
): number {
  const value = rule[field] ?? RULE_DEFAULTS[field];
  if (value >= min && value <= max) return value;
  throw new RangeError(
    `director: ${field} must be a number from ${min} to ${max}, got ${value}. Correct the rule.`,
  );
}
