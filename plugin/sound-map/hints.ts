/** What is right but was hardly meant: warnings, no problems. */
import type { SoundMap } from '../sound-definition.ts';

/** @returns sentences; none where there is nothing to say. */
export function hintsOn({ source, zones, space, sounds, buses }: SoundMap): string[] {
  const ringing = [...zones.values()].filter(({ reverb }) => reverb !== null);
  const used = new Set([...sounds.values()].map(({ bus }) => bus));
  const parents = new Set([...buses.values()].map(({ parent }) => parent));
  const idle = [...buses.keys()].filter((name) => !used.has(name) && !parents.has(name));
  const hints = [
    ...(space.reverb ? [] : ringing.map(({ name }) => `zones.${name}.reverb is not heard: ${OFF}`)),
    ...(space.reverb && ringing.length === 0 ? [NO_ZONE] : []),
    ...idle.filter((name) => name !== 'main').map((name) => `buses.${name} has no sound.`),
  ];
  return hints.map((hint) => `sound-map: ${source}: ${hint}`);
}

const OFF = 'write space: { reverb: true }.';
const NO_ZONE = 'space.reverb is on, but no zone has a reverb.';
