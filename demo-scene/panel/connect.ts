/** Connects the panel to the sounds: events go in, what is pressed goes out, figures are read a few times a second. */
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Foley } from '../../plugin/foley.ts';
import type { RuntimeClient } from '../../runtime/client.ts';
import type { SoundRequestInput } from '../../runtime/contract.ts';
import type { Gramophone } from '../gramophone.ts';
import { createSoundChoices, type SoundChoices } from '../sound-choices.ts';
import { showBuses } from './buses.ts';
import { heardSourceOf } from './event-log.ts';
import { countHit, showInspection } from './inspection.ts';
import { showWhereChoicesGo } from './notes.ts';
import { createPanel, type Panel, type TakeChoice } from './panel.ts';
import { watchRenderTimes } from './render-times.ts';
import type { Heard } from './take-view.ts';

const LOOK_MS = 250;

export interface ConnectOptions {
  foley: Foley<Node>;
  runtime: RuntimeClient;
  scene: Scene;
  gramophone: Gramophone;
  /** First one of the prompt box. */
  seed: number;
  report: (error: unknown) => void;
}

export function connectPanel(options: ConnectOptions): Panel {
  const { foley, runtime, scene, gramophone, seed, report } = options;
  let choices: SoundChoices | null = null;
  let shownMap = foley.sounds;
  const panel = createPanel({
    generate,
    play: gramophone.playAgain,
    choiceOf: (heard) => choiceOf(heard, choices),
    lock: ({ sound, take }, locked) => {
      if (sound === null || !choices) return;
      const words = locked
        ? `Only seed ${take.seed} of ${sound} plays now.`
        : `${sound} varies again.`;
      choices.lock(sound, locked ? take.seed : null).then(() => panel.refreshChoice(words), report);
    },
    ban: ({ sound, take }) => {
      if (sound === null || !choices) return;
      const words = `Seed ${take.seed} of ${sound} plays no more.`;
      choices.ban(sound, take.seed).then(() => panel.refreshChoice(words), report);
    },
  });
  panel.setSeed(seed);
  const rate = { hits: 0, asked: 0 };
  foley.onEvent((event) => {
    panel.onEvent(event);
    countHit(rate, event);
  });
  watchRenderTimes(scene, () => runtime.busy);
  void createSoundChoices({ foley, onReload }).then((made) => {
    choices = made;
    showWhereChoicesGo(made.isWritable);
  });
  setInterval(() => {
    showInspection(foley.inspect(), rate);
    if (foley.sounds === shownMap) return;
    shownMap = foley.sounds;
    showBuses(foley.sounds.buses.values(), foley.setBusVolume);
    panel.setReady();
  }, LOOK_MS);

  function onReload(error: unknown): void {
    report(error ?? new Error('sounds.yaml was read again.'));
    panel.refreshChoice();
  }

  async function generate(
    request: SoundRequestInput,
    signal: AbortSignal,
    onProgress: (part: number) => void,
  ): Promise<void> {
    const askedAt = performance.now();
    const take = await runtime.generate(request, {
      signal,
      onProgress: ({ stage, done, total }) => stage === 'tokens' && onProgress(done / total),
    });
    const latencyMs = performance.now() - askedAt;
    panel.select({ take, latencyMs, source: heardSourceOf(take.source), sound: null });
    gramophone.play(request);
  }

  return panel;
}

function choiceOf({ sound, take }: Heard, choices: SoundChoices | null): TakeChoice | null {
  if (sound === null || !choices) return null;
  return {
    isLocked: choices.lockedSeed(sound) === take.seed,
    isBanned: choices.isBanned(sound, take.seed),
  };
}
