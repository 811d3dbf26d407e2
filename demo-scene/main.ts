/**
 * The demo scene from the top: settings → house and yard → click → sounds out of a pack → model → all others.
 *
 *   room/ yard/ walk/   what is seen and done       sounds.yaml   what is heard, and of which events
 *   markers/ panel/     what is read and pressed    sounds.ts     the events that only the game knows
 *
 * Before the click nothing of the model is fetched but model.json, which tells its size, and what plays the pack, its decoder;
 * unless a visitor allowed it before. With ?baked=off the sounds wait for the model.
 */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import type { Node } from '@babylonjs/core/node.js';
import { atMost } from '../plugin/abort.ts';
import { createFoley } from '../plugin/engines/babylon.ts';
import type { Foley } from '../plugin/foley.ts';
import { errorInWords } from '../plugin/panel/words.ts';
import type { SoundMap } from '../plugin/sound-definition.ts';
import { createRuntimeClient, type RuntimeClient } from '../runtime/client.ts';
import type { Progress } from '../runtime/contract.ts';
import { hasAllowed, rememberAllowed } from './consent.ts';
import { deedsOf, liftOrThrow, onTapped } from './deeds.ts';
import { firstSound, markClick } from './first-sound.ts';
import { createGramophone } from './gramophone.ts';
import { connectPanel } from './panel/connect.ts';
import { element } from './panel/element.ts';
import { showEngine, showFirstSound, showModelProgress } from './panel/notes.ts';
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
  /** Of the model, bytes. */
  size: Promise<number>;
  map: Promise<SoundMap>;
}

/** A machine without an audio device never has one. */
const FIRST_SOUND_WAIT_MS = 1000;
const SOUNDS = new URL('./sounds.yaml', document.baseURI);
const status = element('status', HTMLParagraphElement);
const soundOn = element('sound-on', HTMLButtonElement);
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
let demo: Demo | null = null;

const overlay = createOverlay({
  // Without a world there is nothing to enable: what stopped it is tried again from the start.
  onEnable: () => (demo ? void enableSound(demo) : location.reload()),
  // The download begins as the button goes down, a tenth of a second before the click is one.
  onPress: () => {
    if (demo?.settings.bakedUrl === null) fetchModel(demo).catch(() => {});
  },
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
  const { modelUrl, bakedUrl, ortUrl, device, seed, quality } = settings;
  const logger = { info: () => {}, warn: say };
  const runtime = createRuntimeClient({ modelUrl, ortUrl, device, logger });
  const size = runtime.downloadSize();
  size.then(overlay.showSize, overlay.showError);
  if (hasAllowed()) runtime.load({ onProgress: overlay.showProgress }).catch(() => {});
  const map = readMap();
  map.catch(() => {}); // tried again by the click
  const stage = await createStage(element('scene', HTMLCanvasElement), quality);
  const audio = await CreateAudioEngineAsync({ disableDefaultUI: true, listenerAutoUpdate: false });
  const foley = await createFoley(stage.scene, {
    ...{ model: modelUrl, runtime, logger, audioEngine: audio, sessionSeed: seed },
    ...(bakedUrl && { baked: bakedUrl }),
  });
  const world = await buildWorld(stage, { seed, calm });
  return { settings, runtime, audio, foley, world, size, map };
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
async function enableSound(entered: Demo): Promise<void> {
  const { foley, runtime, world, audio, settings } = entered;
  markClick();
  const unlocked = foley.unlock().catch(report);
  const waitsForModel = settings.bakedUrl === null;
  const heard = firstSound(audio).then((ms) => showFirstSound(ms, waitsForModel));
  try {
    world.setPaused(true); // the first sound has the processor to itself
    if (waitsForModel) await fetchModel(entered);
    await entered.size.catch(() => runtime.downloadSize()); // what failed before is tried again
    await foley.setSounds(await entered.map.catch(readMap));
    await atMost(FIRST_SOUND_WAIT_MS, unlocked); // what is told before is not heard
    tellEvents(foley, world);
    await atMost(FIRST_SOUND_WAIT_MS, heard);
  } catch (error) {
    overlay.showError(error);
    return;
  } finally {
    world.setPaused(false);
  }
  rememberAllowed();
  if (!waitsForModel) fetchModel(entered).catch(report);
  soundOn.hidden = true;
  document.documentElement.dataset.sound = 'on';
  overlay.close();
  world.view.setWalking(true);
}

/** What checks sound maps is a file of its own: it comes while the house is being built. */
async function readMap(): Promise<SoundMap> {
  const { loadSoundMap } = await import('../plugin/sound-map.ts');
  return loadSoundMap(SOUNDS, { logger: { warn: say } });
}

async function fetchModel({ runtime }: Demo): Promise<void> {
  const onProgress = (progress: Progress) => {
    overlay.showProgress(progress);
    showModelProgress(progress);
  };
  showEngine(await runtime.load({ onProgress }));
}

function say(text: string): void {
  status.textContent = text;
}

function report(error: unknown): void {
  if (!isAbort(error)) say(errorInWords(error));
}
