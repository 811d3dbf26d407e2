/**
 * The sounds in use, by name: those of the sound map and those that code added; and which events are for them.
 *
 *   setMap(sounds) ──┬──▶ named(name)
 *   add(sound) ──────┴──▶ match(event)      told to the engine whenever it changes: `onChange`
 */
import { same } from '../same-data.ts';
import type { SceneEvent } from '../scene-event.ts';
import type { SoundDefinition } from '../sound-definition.ts';
import { type ActiveSound, activate } from './active-sound.ts';
import { type BindingIndex, type Bound, createBindingIndex } from './binding-index.ts';

export interface SoundSet {
  /** @returns takes it back. @throws RangeError for a bad prompt or a name that is taken. */
  add(sound: SoundDefinition, when?: (event: SceneEvent) => boolean): () => void;
  /**
   * The sound map's, instead of those before; what has not changed stays as it is. All or nothing.
   * @param onAccepted called when they are known to be fine, before anybody is told of them
   * @throws likewise
   */
  setMap(sounds: Iterable<SoundDefinition>, onAccepted?: () => void): void;
  named(name: string): ActiveSound | undefined;
  readonly all: Iterable<ActiveSound>;
  /** Those of the sound map. */
  readonly ofMap: ReadonlyMap<string, ActiveSound>;
  match: BindingIndex<ActiveSound>['match'];
}

export interface SoundSetParts {
  /** Other sounds are in use than before. @param gone those that are not any more */
  onChange: (gone: readonly ActiveSound[]) => void;
}

export function createSoundSet({ onChange }: SoundSetParts): SoundSet {
  let ofMap: ReadonlyMap<string, ActiveSound> = new Map();
  const ofCode = new Map<string, ActiveSound>();
  let index = createBindingIndex<ActiveSound>([]);

  function* all(): Iterable<ActiveSound> {
    yield* ofMap.values();
    yield* ofCode.values();
  }

  function changed(gone: readonly ActiveSound[]): void {
    index = createBindingIndex([...all()].flatMap(boundsOf));
    onChange(gone);
  }

  function refuseTaken(name: string, taken: ReadonlyMap<string, ActiveSound>): void {
    if (!taken.has(name)) return;
    throw new RangeError(`director: there is a sound "${name}" already. Give it another name.`);
  }

  return {
    add(sound, when) {
      refuseTaken(sound.name, ofMap);
      refuseTaken(sound.name, ofCode);
      const active = activate(sound, when ?? null);
      ofCode.set(sound.name, active);
      changed([]);
      return () => {
        if (ofCode.get(sound.name) !== active) return;
        ofCode.delete(sound.name);
        changed([active]);
      };
    },
    setMap(sounds, onAccepted = () => {}) {
      const next = new Map<string, ActiveSound>();
      for (const sound of sounds) {
        refuseTaken(sound.name, ofCode);
        next.set(sound.name, kept(ofMap.get(sound.name), sound) ?? activate(sound));
      }
      const gone = [...ofMap.values()].filter((active) => next.get(active.given.name) !== active);
      onAccepted();
      ofMap = next;
      changed(gone);
    },
    named: (name) => ofMap.get(name) ?? ofCode.get(name),
    get all() {
      return all();
    },
    get ofMap() {
      return ofMap;
    },
    match: (event, visit) => index.match(event, visit),
  };
}

function boundsOf(sound: ActiveSound): Bound<ActiveSound>[] {
  return sound.given.on.map((binding) => ({ sound, binding }));
}

/** @returns the sound that is in use, if the new one says the same. */
function kept(active: ActiveSound | undefined, sound: SoundDefinition): ActiveSound | undefined {
  return active !== undefined && same(active.given, sound) ? active : undefined;
}
