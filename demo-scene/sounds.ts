/**
 * Which sounds there are stands in sounds.yaml. Collisions, sliding, fire, rain and wind are heard by themselves; what follows
 * only the game can know, and says by name.
 */
import type { Node } from '@babylonjs/core/node.js';
import type { Foley } from '../plugin/foley.ts';
import type { World } from './room/world.ts';

type Lasting = ReturnType<Foley<Node>['begin']>;

export function tellEvents(foley: Foley<Node>, world: World): void {
  const { walker, door, crates, birds, machine, fire } = world;
  walker.onStep = (surface, weight) => {
    const { x, y, z } = walker.feet;
    foley.trigger('step', { surface, weight }, { x, y, z });
  };
  door.onOpen = () => foley.trigger('door-opens', {}, door.mesh);
  door.onSlam = () => foley.trigger('door-slams', {}, door.mesh);
  crates.onShatter = (at) => foley.trigger('shatter', {}, at);
  birds.onSong = (bird) => foley.trigger('bird-sings', {}, bird);
  world.onThunder = () => foley.trigger('thunder');
  foley.trigger('wake', {}, fire.mesh);
  let running: Lasting | null = null;
  machine.onSpeed = (speed) => {
    if (speed === 0) running?.end();
    else if (running) running.change({ speed });
    else running = foley.begin('machine', { speed }, machine.mesh);
    if (speed === 0) running = null;
  };
  machine.onSpeed(machine.speed);
}
