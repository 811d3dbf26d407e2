/**
 * Which zone the ear is in: the smallest whose nodes' bounds hold it; else one that is everywhere; else none.
 *
 *   scene ── selector ──▶ nodes ──▶ boxes        ear ──▶ zone
 *
 * The scene is looked through a few things at a time, and again every few seconds, since rooms come and go.
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { Bounds, EngineAdapter, SceneContent } from '../adapter.ts';
import { matches } from '../node-selector.ts';
import type { Point } from '../scene-event.ts';
import type { ZoneDefinition } from '../sound-definition.ts';
import { type Boxes, boxOf, isIn, volumeOf } from './zone-box.ts';

export interface Zones {
  define(zones: Iterable<ZoneDefinition>): void;
  /** Goes on looking through the scene; once per rendered image. */
  update(now: Seconds): void;
  /** Looks through all of it at once. */
  find(): void;
  zoneAt(ear: Point): ZoneDefinition | null;
}

/** Things of the scene that are looked at in one image. */
const AT_ONCE = 64;
/** Between the end of one look through the scene and the next. */
const LOOK_EVERY: Seconds = 3;

interface Room {
  zone: ZoneDefinition;
  box: Bounds;
  size: number;
}

export function createZones<N>(adapter: Boxes<N> & Pick<EngineAdapter<N>, 'contents'>): Zones {
  let definitions: ZoneDefinition[] = [];
  let rooms: Room[] = [];
  let found: Room[] = [];
  let looking: Iterator<SceneContent> | null = null;
  let lookAgainAt = -Infinity;

  function take(content: SceneContent): void {
    for (const zone of definitions) {
      if (zone.node === null || !matches(zone.node, content.object)) continue;
      const box = boxOf(adapter, content);
      if (box !== null) found.push({ zone, box, size: volumeOf(box) });
    }
  }

  /** @returns whether the whole scene has been looked through. */
  function look(count: number): boolean {
    looking ??= adapter.contents()[Symbol.iterator]();
    for (let i = 0; i < count; i++) {
      const next = looking.next();
      if (next.done) {
        rooms = found.sort((a, b) => a.size - b.size);
        found = [];
        looking = null;
        return true;
      }
      take(next.value);
    }
    return false;
  }

  return {
    define(zones) {
      definitions = [...zones];
      found = [];
      looking = null;
      lookAgainAt = -Infinity;
      rooms = rooms.flatMap((room) => {
        const zone = definitions.find(({ name }) => name === room.zone.name);
        return zone === undefined ? [] : [{ ...room, zone }];
      });
    },
    update(now) {
      if (now < lookAgainAt || !definitions.some(({ node }) => node !== null)) return;
      if (look(AT_ONCE)) lookAgainAt = now + LOOK_EVERY;
    },
    find() {
      looking = null;
      found = [];
      look(Infinity);
    },
    zoneAt(ear) {
      const room = rooms.find(({ box }) => isIn(box, ear));
      return room?.zone ?? definitions.find(({ node }) => node === null) ?? null;
    },
  };
}
