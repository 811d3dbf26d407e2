/**
 * Our buses as AudioV2's: they show in the Inspector, and their volume is the one that it shows.
 *
 *   sound source ── outBus ──▶ AudioBus 'steps' ── outBus ──▶ AudioBus 'main' ──▶ the engine's main bus
 *
 * AudioV2 makes them asynchronously, so what is asked of one before it is there waits for it.
 */
import type { AudioBus } from '@babylonjs/core/AudioV2/abstractAudio/audioBus.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import type { BusHandle } from '../../adapter.ts';

export interface BabylonBus extends BusHandle {
  /** null once it is disposed. */
  readonly made: Promise<AudioBus | null>;
  /** null before it is made, too. */
  readonly bus: AudioBus | null;
}

export function createBus(
  name: string,
  parent: BabylonBus | null,
  engine: AudioEngineV2,
): BabylonBus {
  let bus: AudioBus | null = null;
  let volume = 1;
  let disposed = false;

  /** At once, if the other one is there. */
  function lead(): void {
    const above = parent;
    if (bus === null) return;
    if (above === null || above.bus !== null) bus.outBus = above?.bus ?? engine.defaultMainBus;
    else
      void above.made.then(
        (made) => made !== null && above === parent && lead(),
        () => {},
      );
  }

  const made = createAudioBus(name, parent, engine).then((audioBus) => {
    if (disposed) audioBus.dispose();
    else bus = audioBus;
    if (volume !== 1) bus?.setVolume(volume);
    lead();
    return bus;
  });
  made.catch(() => {}); // told to whoever awaits `ready`

  return {
    made,
    get bus() {
      return bus;
    },
    ready: made.then(() => {}),
    setVolume(to, seconds) {
      volume = to;
      bus?.setVolume(to, { duration: seconds });
    },
    route(to) {
      parent = to as BabylonBus | null;
      lead();
    },
    dispose() {
      disposed = true;
      bus?.dispose();
      bus = null;
    },
  };
}

async function createAudioBus(
  name: string,
  parent: BabylonBus | null,
  engine: AudioEngineV2,
): Promise<AudioBus> {
  const outBus = await parent?.made;
  return engine.createBusAsync(name, outBus ? { outBus } : {});
}
