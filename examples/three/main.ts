/**
 * three.js that sounds: things fall on a stone floor, and each hit is heard where it happens.
 *
 *   click ──▶ a thing falls ──▶ adapter.contact({ a, b, impulse }) ──▶ rule ──▶ take ──▶ voice at the point of contact
 */
import { createFoley } from '../../plugin/engines/three.ts';
import { type Falling, fall } from './falling.ts';
import { createStage, type Kind } from './stage.ts';

/** More are taken away again, oldest first. */
const MOST_THINGS = 24;
/** A long gap, as of a hidden tab, counts as this much. */
const LONGEST_STEP = 0.05;

const canvas = document.querySelector('canvas') as HTMLCanvasElement;
const heard = document.querySelector('#heard') as HTMLElement;
const stage = createStage(canvas);
const urlOf = (path: string) => new URL(path, document.baseURI).href;
const foley = await createFoley(stage.scene, {
  model: urlOf('./models/foley-tiny/'),
  ortUrl: urlOf('./ort/'),
  camera: stage.camera,
});
const falling: Falling[] = [];

for (const [material, prompt] of Object.entries({
  wood: '{intensity} impact of a wooden crate on {b.material}',
  metal: '{intensity} clang of a metal pipe on {b.material}',
  rubber: 'rubber ball bounces on {b.material}',
})) {
  foley.addRule({ prompt, when: ({ a }) => a.material === material });
}
foley.onEvent(({ kind, prompt }) => {
  if (kind === 'played') heard.textContent = prompt;
});

/** Also the gesture that starts the audio. */
function drop(kind: Kind): void {
  void foley.unlock();
  falling.push(stage.add(kind, (Math.random() - 0.5) * 6));
  if (falling.length > MOST_THINGS) falling.shift()?.node.removeFromParent();
}

function step(seconds: number): void {
  for (const thing of falling) {
    const impulse = fall(thing, seconds);
    if (impulse === 0) continue;
    const { x, z } = thing.node.position;
    foley.adapter.contact({ a: thing.node, b: stage.floor, point: { x, y: 0, z }, impulse });
  }
}

for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', () => drop(button.value as Kind));
}
canvas.addEventListener('pointerup', () => drop('crate'));
addEventListener('resize', stage.fit);
stage.fit();

let last = performance.now();
stage.renderer.setAnimationLoop((now: number) => {
  step(Math.min(LONGEST_STEP, (now - last) / 1000));
  last = now;
  stage.renderer.render(stage.scene, stage.camera);
  foley.adapter.update();
});
