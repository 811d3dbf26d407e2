/**
 * What is heard of a sound map, told to the captions: only sounds that have one.
 *
 *   a voice began, of a sound with a caption, at a node or a point ──▶ label, where it is now, how loud at the ear
 */
import { distanceBetween, distanceGain, type EngineAdapter, rangeGain } from '../adapter.ts';
import type { Captions } from '../captions.ts';
import type { Rung } from '../director/ladder.ts';
import type { Point, SceneEvent } from '../scene-event.ts';
import type { SoundDefinition } from '../sound-definition.ts';

/** A voice that began. */
export interface HeardVoice {
  /** The sound that the event was for. */
  asked: SoundDefinition;
  /** Which rung of the fallback ladder is heard. */
  rung: Rung;
  /** The sound that is heard: another one on the rung 'fallback'. */
  sound: SoundDefinition;
  event: SceneEvent;
  voice: { readonly playing: boolean };
  /** Linear, before distance. */
  volume: number;
  /** Whether it follows the event's node. */
  follows: boolean;
}

export function createCaptionFeed<N>(adapter: EngineAdapter<N>, captions: Captions) {
  /** Where the event's node is, or was when it was last there. */
  function follow({ a, point }: SceneEvent): () => Point {
    let last = point;
    return () => {
      const node = adapter.find(a.id);
      if (node !== null) last = adapter.positionOf(node);
      return last;
    };
  }

  return ({ asked, sound, event, voice, volume, follows }: HeardVoice): void => {
    const { attenuation, priority, loop } = sound;
    const caption = sound.caption ?? asked.caption; // what stands in for a sound is heard as that sound
    if (caption === null) return;
    const { point } = event;
    const whereabouts = follows ? follow(event) : () => point;
    const gain = () => {
      if (attenuation === null) return volume;
      const distance = distanceBetween(whereabouts(), adapter.ear().position);
      return (
        volume * distanceGain(attenuation, distance) * rangeGain(attenuation.maxDistance, distance)
      );
    };
    const position = attenuation === null ? () => null : whereabouts;
    captions.heard({ label: caption, voice, position, gain, priority, lasting: loop });
  };
}
