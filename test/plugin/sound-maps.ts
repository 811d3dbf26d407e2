/** Sound maps for tests: complete definitions from the few fields that matter. */
import type {
  EventBinding,
  SlotDefinition,
  SoundDefinition,
  SoundMap,
} from '../../plugin/sound-definition.ts';
import { binding } from './events.ts';

/** One take, heard at every collision unless it says otherwise; no waiting for what is only now being made. */
export function sound(name: string, fields: Partial<SoundDefinition> = {}): SoundDefinition {
  return {
    name,
    prompt: name,
    slots: new Map(),
    duration: 1,
    variations: 1,
    takes: { lock: null, ban: [] },
    cooldown: 0,
    minImpulse: 0,
    lateness: 0,
    volume: 1,
    pitch: 0,
    jitter: { pitch: 0, volume: 0 },
    voices: { max: 8, steal: 'oldest', fade: 0.01 },
    priority: 0,
    virtual: false,
    attenuation: {
      model: 'inverse',
      refDistance: 1,
      maxDistance: 30,
      rolloff: 1,
      panningModel: 'equalpower',
      cone: null,
    },
    bus: 'main',
    reverb: 0,
    occlusion: false,
    loop: false,
    ambience: null,
    control: [],
    caption: null,
    fallback: null,
    on: [binding()],
    ...fields,
  };
}

export function soundMap(...sounds: SoundDefinition[]): SoundMap {
  return {
    source: 'sounds.yaml',
    sounds: new Map(sounds.map((one) => [one.name, one])),
    buses: new Map([['main', { name: 'main', volume: 1, parent: null, duck: null }]]),
    zones: new Map(),
    space: { occlusion: false, reverb: false, doppler: 0 },
  };
}

/** Bound to what the game says. */
export function onEvent(name: string, fields: Partial<EventBinding> = {}): EventBinding {
  return binding({ kind: 'event', name, ...fields });
}

export function slot(fields: Partial<SlotDefinition> = {}): SlotDefinition {
  return { from: null, values: [], default: null, ...fields };
}

export function slots(
  definitions: Record<string, Partial<SlotDefinition>>,
): ReadonlyMap<string, SlotDefinition> {
  return new Map(Object.entries(definitions).map(([name, fields]) => [name, slot(fields)]));
}
