/** Names that refer to something: buses, fallbacks, zones' sounds. None unknown, none in a circle. */
import type { BusDefinition, SoundDefinition, SoundMap } from '../sound-definition.ts';
import { MAIN_BUS } from './defaults.ts';
import type { Path, Problems } from './problems.ts';
import { didYouMean, either, shown } from './words.ts';

/** Every name that is written, also of what has problems of its own. */
export interface Names {
  sounds: ReadonlySet<string>;
  buses: ReadonlySet<string>;
}

/** Names told at once. */
const MAX_TOLD = 12;

export function checkMapReferences(map: SoundMap, names: Names, problems: Problems): void {
  for (const sound of map.sounds.values()) {
    checkSoundReferences(sound, names, ['sounds', sound.name], problems);
  }
  for (const bus of map.buses.values()) checkBus(bus, map, names, problems);
  for (const zone of map.zones.values()) {
    zone.sounds?.forEach((name, index) => {
      checkName(name, names.sounds, 'sound', ['zones', zone.name, 'sounds', index], problems);
    });
  }
  const fallbackOf = (name: string) => map.sounds.get(name)?.fallback ?? null;
  checkCircles(map.sounds.keys(), fallbackOf, ['sounds', 'fallback'], problems);
  const parentOf = (name: string) =>
    name === MAIN_BUS ? null : (map.buses.get(name)?.parent ?? null);
  checkCircles(map.buses.keys(), parentOf, ['buses', 'parent'], problems);
}

export function checkSoundReferences(
  sound: SoundDefinition,
  names: Names,
  path: Path,
  problems: Problems,
): void {
  checkName(sound.bus, names.buses, 'bus', [...path, 'bus'], problems);
  if (sound.fallback !== null) {
    checkName(sound.fallback, names.sounds, 'sound', [...path, 'fallback'], problems);
  }
}

function checkBus(bus: BusDefinition, map: SoundMap, names: Names, problems: Problems): void {
  const path = ['buses', bus.name];
  if (bus.name === MAIN_BUS && bus.parent !== null) {
    problems.add([...path, 'parent'], 'must not be there: all other buses lead to main.');
  } else if (bus.parent !== null) {
    checkName(bus.parent, names.buses, 'bus', [...path, 'parent'], problems);
  }
  if (bus.duck === null) return;
  const under = [...path, 'duck', 'under'];
  checkName(bus.duck.under, names.buses, 'bus', under, problems);
  if (leadsTo(bus.name, bus.duck.under, map)) {
    problems.add(
      under,
      `must be a bus that this one does not lead to, got ${shown(bus.duck.under)}.`,
    );
  }
}

/** True for the bus itself too. Stops at what it has met, should there be a circle. */
function leadsTo(bus: string, goal: string, map: SoundMap): boolean {
  const met = new Set<string>();
  for (let at: string | null = bus; at !== null && !met.has(at); ) {
    if (at === goal) return true;
    met.add(at);
    at = map.buses.get(at)?.parent ?? null;
  }
  return false;
}

function checkName(
  name: string,
  known: ReadonlySet<string>,
  kind: string,
  path: Path,
  problems: Problems,
): void {
  if (known.has(name)) return;
  problems.add(path, () => {
    const told = [...known].slice(0, MAX_TOLD);
    const more = known.size > MAX_TOLD ? ', …' : '';
    const near = didYouMean(name, known) || ` There are ${either(told, 'and')}${more}.`;
    return `must be the name of a ${kind}, got ${shown(name)}.${near}`;
  });
}

/** Each circle is told once, at the first of its members that is written. */
function checkCircles(
  names: Iterable<string>,
  next: (name: string) => string | null,
  [group, field]: readonly [string, string],
  problems: Problems,
): void {
  const met = new Set<string>();
  for (const name of names) {
    const way: string[] = [];
    let at: string | null = name;
    while (at !== null && !met.has(at)) {
      met.add(at);
      way.push(at);
      at = next(at);
    }
    if (at !== null && way.includes(at)) {
      const circle = [...way.slice(way.indexOf(at)), at].join(' → ');
      problems.add([group, at, field], `goes round in a circle: ${circle}.`);
    }
  }
}
