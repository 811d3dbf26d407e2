/** The gramophone plays what is asked for by hand: prompts, and takes once more. What it played before stops. */
import type { Node } from '@babylonjs/core/node.js';
import type { Foley } from '../plugin/foley.ts';
import type { SoundRequestInput } from '../runtime/contract.ts';
import type { Heard } from './panel/take-view.ts';

export interface Gramophone {
  play(request: SoundRequestInput): void;
  /** What was heard somewhere, from here. Loops end after one round. */
  playAgain(heard: Heard): void;
}

export function createGramophone(
  foley: Foley<Node>,
  horn: Node,
  onError: (error: unknown) => void,
): Gramophone {
  const emitter = foley.emitter(horn, { name: 'gramophone', refDistance: 6 });
  /** What was asked for by hand, so that it is asked for in the same way again. */
  const asked = new Map<string, SoundRequestInput>();

  async function play({ prompt, ...options }: SoundRequestInput): Promise<void> {
    emitter.stop();
    const voice = await emitter.play(prompt, options);
    if (options.loop) setTimeout(() => voice.stop(0.3), 1000 * (options.duration ?? 1));
  }

  return {
    play(request) {
      asked.set(keyOf(request), request);
      if (asked.size > 64) asked.delete(asked.keys().next().value ?? '');
      play(request).catch(onError);
    },
    playAgain({ take, sound }) {
      const { prompt, seed } = take;
      const definition = sound === null ? undefined : foley.sounds.sounds.get(sound);
      const { duration = take.pcm.length / take.sampleRate, loop = false } = definition ?? {};
      const request = asked.get(keyOf(take)) ?? { prompt, seed, duration, loop };
      play(request).catch(onError);
    },
  };
}

function keyOf({ prompt, seed = 0 }: { prompt: string; seed?: number | undefined }): string {
  return `${seed} ${prompt}`;
}
