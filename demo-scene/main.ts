/**
 * The demo scene from the top: settings → room → click → model → sounds.
 *
 *   room/       what is seen          panel/    what is read and pressed
 *   sounds.ts   what is heard         main.ts   ties the three together
 *
 * Before the click nothing of the model is fetched but model.json, which tells its size.
 */
import type { Node } from '@babylonjs/core/node.js';
import { createFoley } from '../plugin/engines/babylon.ts';
import type { Foley, FoleyEvent } from '../plugin/foley.ts';
import { createRuntimeClient, type RuntimeClient } from '../runtime/client.ts';
import type { RuntimeInfo, SoundRequestInput } from '../runtime/contract.ts';
import { element } from './panel/element.ts';
import { createEventLog, heardOf } from './panel/event-log.ts';
import { createOverlay } from './panel/overlay.ts';
import { createPromptBox } from './panel/prompt-box.ts';
import { createTakeView, type Heard } from './panel/take-view.ts';
import { createToolbar, type Tool } from './panel/toolbar.ts';
import { createRandom } from './random.ts';
import { onTap, type Tap } from './room/pointer.ts';
import { createStage } from './room/stage.ts';
import { buildWorld, type World } from './room/world.ts';
import { saveWav } from './save-wav.ts';
import { readSettings, type Settings } from './settings.ts';
import { createSounds, type Sounds } from './sounds.ts';
import { errorInWords, isAbort } from './words.ts';

interface Demo {
  runtime: RuntimeClient;
  foley: Foley<Node>;
  world: World;
}

const status = element('status', HTMLParagraphElement);
const soundOn = element('sound-on', HTMLButtonElement);
let demo: Demo | null = null;
/** null until the model is there: whatever happens before is silent and asks for nothing. */
let sounds: Sounds | null = null;

const overlay = createOverlay({
  // Without a room there is nothing to enable: what stopped it is tried again from the start.
  onEnable: () => (demo ? void enableSound(demo) : location.reload()),
  onSkip: () => {
    soundOn.hidden = false;
  },
});
const takeView = createTakeView();
const log = createEventLog(select);
let awaited: FoleyEvent | null = null; // the last sound, if its take is still to come
const prompts = createPromptBox({ generate, play: playShown, save: saveShown });
soundOn.addEventListener('click', overlay.open);
overlay.open();
start().catch(overlay.showError);

async function start(): Promise<void> {
  const settings = readSettings(location.href);
  demo = await buildDemo(settings);
  const { foley, world } = demo;
  foley.onEvent(onFoleyEvent);
  const toolbar = createToolbar(toolsOf(world));
  onTap(world.scene, (tap) => {
    onTapped(world, tap);
    toolbar.refresh();
  });
  world.door.onOpen = () => sounds?.doorOpens();
  world.door.onSlam = () => sounds?.doorSlams();
  overlay.setReady();
  document.documentElement.dataset.ready = 'true';
}

async function buildDemo({ modelUrl, ortUrl, device, seed }: Settings): Promise<Demo> {
  const logger = { info: () => {}, warn: say };
  const runtime = createRuntimeClient({ modelUrl, ortUrl, device, logger });
  runtime.downloadSize().then(overlay.showSize, overlay.showError);
  const stage = await createStage(element('scene', HTMLCanvasElement));
  const foley = await createFoley(stage.scene, { model: modelUrl, runtime, sessionSeed: seed });
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const world = await buildWorld(stage, { random: createRandom(seed), calm });
  prompts.setSeed(seed);
  return { runtime, foley, world };
}

/** Called in the click itself: the audio is unlocked before anything is awaited. */
async function enableSound({ foley, runtime, world }: Demo): Promise<void> {
  foley.unlock().catch(report);
  try {
    const info = await runtime.load({ onProgress: overlay.showProgress });
    sounds = createSounds({ foley, world, onError: report });
    showEngine(info);
  } catch (error) {
    overlay.showError(error);
    return;
  }
  soundOn.hidden = true;
  prompts.setReady();
  overlay.close();
  sounds.setFire(world.fire.isLit);
  sounds.setRain(world.rain.isFalling);
  const prepared = element('prepared', HTMLParagraphElement);
  const onProgress = (done: number, total: number) => {
    prepared.textContent = `${done} of ${total} sounds of the room are ready.`;
  };
  await sounds.prepare(onProgress).catch(report);
}

function toolsOf({ crates, door, fire, rain, flash }: World): Tool[] {
  const drop = (material: 'wood' | 'metal' | 'stone', colour: string): Tool => ({
    label: `Drop ${material}`,
    colour,
    onPress: () => crates.drop(material, 2),
  });
  const setRain = () => {
    rain.setFalling(!rain.isFalling);
    sounds?.setRain(rain.isFalling);
  };
  const thunder = () => {
    flash();
    sounds?.thunder();
  };
  return [
    drop('wood', '#a3703d'),
    drop('metal', '#3f7f8a'),
    drop('stone', '#a9a294'),
    { label: 'Kick', onPress: crates.kick },
    { label: 'Door', isOn: () => door.isOpen, onPress: door.toggle },
    { label: 'Fire', isOn: () => fire.isLit, onPress: () => toggleFire(fire) },
    { label: 'Rain', isOn: () => rain.isFalling, onPress: setRain },
    { label: 'Thunder', onPress: thunder },
  ];
}

function toggleFire(fire: World['fire']): void {
  fire.setLit(!fire.isLit);
  sounds?.setFire(fire.isLit);
}

function onTapped({ crates, door, fire }: World, { mesh, role, point, direction }: Tap): void {
  if (crates.isCrate(mesh)) crates.push(mesh, direction, point);
  if (role === 'door') door.toggle();
  if (role === 'fire') toggleFire(fire);
  if (role === 'gramophone') playShown();
}

function onFoleyEvent(event: FoleyEvent): void {
  log.add(event);
  const heard = heardOf(event);
  const isNew = heard?.take.soundKey !== takeView.shown?.take.soundKey;
  if ((event.kind === 'played' || isAwaited(event)) && heard && isNew) select(heard);
  if (event.kind === 'played') awaited = heard ? null : event;
}

/** The take of what was played while it was made. */
function isAwaited({ kind, prompt, seed }: FoleyEvent): boolean {
  return kind === 'generated' && awaited?.prompt === prompt && awaited.seed === seed;
}

function select(heard: Heard): void {
  takeView.show(heard);
  prompts.setSelected();
}

async function generate(
  request: SoundRequestInput,
  signal: AbortSignal,
  onProgress: (part: number) => void,
): Promise<void> {
  if (!demo || !sounds) return;
  const askedAt = performance.now();
  const take = await demo.runtime.generate(request, {
    signal,
    onProgress: ({ stage, done, total }) => stage === 'tokens' && onProgress(done / total),
  });
  const latencyMs = performance.now() - askedAt;
  const { prompt, seed, source } = take;
  const event = {
    kind: 'generated',
    time: askedAt / 1000,
    prompt,
    seed,
    source,
    latencyMs,
    take,
    sound: null,
    event: null,
    point: null,
    rung: null,
  } as const;
  log.add(event);
  select({ take, latencyMs, source: source === 'generated' ? 'generated' : 'cache' });
  await sounds.playFromHorn(request);
}

function playShown(): void {
  const take = takeView.shown?.take;
  if (take) sounds?.playFromHorn(sounds.requestOf(take.prompt, take.seed)).catch(report);
}

function saveShown(): void {
  if (takeView.shown) saveWav(takeView.shown.take);
}

function showEngine(info: RuntimeInfo): void {
  const { model, device, deviceReason, numThreads, storage, licence, notes } = info;
  const threads = `${numThreads} thread${numThreads === 1 ? '' : 's'}`;
  const where = storage === 'indexeddb' ? 'kept in IndexedDB' : 'kept in memory';
  const how = device === 'webgpu' ? 'WebGPU' : `WebAssembly, ${threads}`;
  const words = `${model} · ${how} · ${where} · ${licence}`;
  element('engine', HTMLParagraphElement).textContent = [words, deviceReason, ...notes].join(' · ');
}

function say(text: string): void {
  status.textContent = text;
}

function report(error: unknown): void {
  if (!isAbort(error)) say(errorInWords(error));
}
