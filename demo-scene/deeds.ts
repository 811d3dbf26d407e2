/** What a visitor can do: buttons over the scene, taps into it, keys. */
import type { Slider, Tool } from './panel/toolbar.ts';
import type { Tap } from './room/pointer.ts';
import type { CrateWord } from './room/tags.ts';
import type { World } from './room/world.ts';

const COLOURS: Readonly<Record<CrateWord, string>> = {
  wood: '#a3703d',
  metal: '#3f7f8a',
  stone: '#a9a294',
  glass: '#bfe6f2',
};

export interface Tour {
  readonly isRunning: boolean;
  toggle(): void;
}

export function deedsOf(world: World, tour: Tour): (Tool | Slider)[] {
  const { crates, door, fire, rain, machine } = world;
  const drop = (material: CrateWord): Tool => ({
    label: `Drop ${material}`,
    text: material.charAt(0).toUpperCase() + material.slice(1),
    colour: COLOURS[material],
    onPress: () => crates.drop(material, material === 'glass' ? 1 : 2, world.dropPoint()),
  });
  return [
    drop('wood'),
    drop('metal'),
    drop('stone'),
    drop('glass'),
    { label: 'Kick', onPress: crates.kick },
    { label: 'Door', isOn: () => door.isOpen, onPress: door.toggle },
    { label: 'Fire', isOn: () => fire.isLit, onPress: () => fire.setLit(!fire.isLit) },
    {
      label: 'Rain',
      isOn: () => rain.isFalling,
      onPress: () => rain.setFalling(!rain.isFalling),
    },
    { label: 'Thunder', onPress: () => thunder(world) },
    { label: 'Machine', level: () => machine.speed, setLevel: machine.setSpeed },
    { label: 'Tour', isOn: () => tour.isRunning, onPress: tour.toggle },
  ];
}

export function thunder(world: World): void {
  world.flash();
  world.onThunder?.();
}

/** @param onGramophone it was tapped. */
export function onTapped(world: World, tap: Tap, onGramophone: () => void): void {
  const { crates, door, fire, machine } = world;
  const { mesh, role, point, direction } = tap;
  const crate = crates.crateOf(mesh);
  if (crate) crates.push(crate.mesh, direction, point);
  if (role === 'door') door.toggle();
  if (role === 'fire') fire.setLit(!fire.isLit);
  if (role === 'machine') machine.setSpeed(machine.speed > 0 ? 0 : 0.5);
  if (role === 'gramophone') onGramophone();
}

/** E: lifts the crate in the middle of the view, or throws the one in hand. */
export function liftOrThrow({ hands }: World): void {
  if (hands.isFull) hands.throw();
  else hands.lift();
}
