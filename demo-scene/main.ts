/**
 * The demo scene from the top: settings → house and yard → click → model → sounds.
 *
 *   room/ yard/ walk/   what is seen and done       sounds.yaml   what is heard, and of which events
 *   markers/ panel/     what is read and pressed    sounds.ts     the events that only the game knows
 *
 * Before the click nothing of the model is fetched but model.json, which tells its size; unless a visitor allowed it before.
 */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import type { Node } from '@babylonjs/core/node.js';
import { createFoley } from '../plugin/engines/babylon.ts';
import type { Foley } from '../plugin/foley.ts';
import { errorInWords } from '../plugin/panel/words.ts';
import { createRuntimeClient, type RuntimeClient } from '../runtime/client.ts';
import { hasAllowed, rememberAllowed } from './consent.ts';
import { deedsOf, liftOrThrow, onTapped } from './deeds.ts';
import { markClick, watchFirstSound } from './first-sound.ts';
import { createGramophone } from './gramophone.ts';
import { connectPanel } from './panel/connect.ts';
import { element } from './panel/element.ts';
import { showEngine, showFirstSound } from './panel/notes.ts';
import { createOverlay } from './panel/overlay.ts';
import { createToolbar } from './panel/toolbar.ts';
import { onTap } from './room/pointer.ts';
import { createStage } from './room/stage.ts';
import { buildWorld, type World } from './room/world.ts';
import { readSettings, type Settings } from './settings.ts';
import { tellEvents } from './sounds.ts';
import { createSwitches } from './switches.ts';
import { createTour } from './tour.ts';
import { listenToKeys } from './walk/keys.ts';
import { dragToLook } from './walk/look.ts';
import { createStick } from './walk/stick.ts';
import { isAbort } from './words.ts';

interface Demo {
  settings: Settings;
  runtime: RuntimeClient;
  audio: AudioEngineV2;
  foley: Foley<Node>;
  world: World;
}

const SOUNDS = new URL('./sounds.yaml', document.baseURI);
const status = element('status', HTMLParagraphElement);
const soundOn = element('sound-on', HTMLButtonElement);
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
let demo: Demo | null = null;

const overlay = createOverlay({
  // Without a world there is nothing to enable: what stopped it is tried again from the start.
  onEnable: () => (demo ? void enableSound(demo) : location.reload()),
  // The download begins as the button goes down, a tenth of a second before the click is one.
  onPress: () => demo?.runtime.load({ onProgress: overlay.showProgress }).catch(() => {}),
  onSkip: () => {
    soundOn.hidden = false;
  },
});
soundOn.addEventListener('click', overlay.open);
overlay.open();
start().catch(overlay.showError);

async function start(): Promise<void> {
  demo = await buildDemo(readSettings(location.href));
  letVisitorsIn(demo);
  Object.assign(globalThis, { demo }); // for the browser's console, and for tests
  overlay.setReady();
  document.documentElement.dataset.ready = 'true';
}

async function buildDemo(settings: Settings): Promise<Demo> {
  const { modelUrl, ortUrl, device, seed, quality } = settings;
  const logger = { info: () => {}, warn: say };
  const runtime = createRuntimeClient({ modelUrl, ortUrl, device, logger });
  runtime.downloadSize().then(overlay.showSize, overlay.showError);
  if (hasAllowed()) runtime.load({ onProgress: overlay.showProgress }).catch(() => {});
  const stage = await createStage(element('scene', HTMLCanvasElement), quality);
  const audio = await CreateAudioEngineAsync({ disableDefaultUI: true, listenerAutoUpdate: false });
  const options = { model: modelUrl, runtime, logger, audioEngine: audio, sessionSeed: seed };
  const foley = await createFoley(stage.scene, options);
  const world = await buildWorld(stage, { seed, calm });
  return { settings, runtime, audio, foley, world };
}

/** Everything but the sound. */
function letVisitorsIn({ world, foley, audio, settings, runtime }: Demo): void {
  const { scene, walker, view, hands, stage } = world;
  const canvas = element('scene', HTMLCanvasElement);
  const tour = createTour(world, () => toolbar.refresh());
  const toolbar = createToolbar('toolbar', deedsOf(world, tour));
  const gramophone = createGramophone(foley, world.horn, report);
  const panel = connectPanel({ foley, runtime, scene, gramophone, seed: settings.seed, report });
  const switches = createSwitches({ world, foley, audio, calm });
  const walk = () => view.setWalking(true);
  const actions = { ...switches.keys, e: () => liftOrThrow(world) };
  onTap(scene, (tap) => {
    onTapped(world, tap, panel.playShown);
    toolbar.refresh();
  });
  listenToKeys({ canvas, wish: walker.wish, actions, onWalk: walk });
  createStick(element('stick', HTMLDivElement), walker.wish, walk);
  dragToLook({
    canvas,
    walker,
    isWalking: () => view.isWalking,
    onHold: hands.lift,
    onRelease: hands.throw,
  });
  stage.engine.onDisposeObservable.addOnce(() => void foley.dispose());
}

/** Called in the click itself: the audio is unlocked before anything is awaited. */
async function enableSound({ foley, runtime, world, audio }: Demo): Promise<void> {
  markClick();
  foley.unlock().catch(report);
  watchFirstSound(audio, showFirstSound);
  world.setPaused(true); // the model has the processor to itself
  try {
    const [info] = await Promise.all([
      runtime.load({ onProgress: overlay.showProgress }),
      foley.setSounds(SOUNDS),
    ]);
    showEngine(info);
  } catch (error) {
    overlay.showError(error);
    return;
  } finally {
    world.setPaused(false);
  }
  rememberAllowed();
  tellEvents(foley, world);
  soundOn.hidden = true;
  document.documentElement.dataset.sound = 'on';
  overlay.close();
  world.view.setWalking(true);
}

function say(text: string): void {
  status.textContent = text;
}

function report(error: unknown): void {
  if (!isAbort(error)) say(errorInWords(error));
}
