/**
 * `scenefoley/dev-client`: the page's end of the build plugin while Vite's development server runs; never in a build.
 *
 *   'scenefoley:sounds' ──▶ a player of the new pack is loaded ──▶ takes the old one's place ──▶ listeners of onSounds
 *
 * The game holds one player all the time; what is under way in the old one is let finish.
 */
import { createPlayer, type Player } from '../../runtime/player.ts';
import type { HotContext, ServedSounds } from './dev-contract.ts';

/** What `createFoley` takes. */
export interface SoundsOptions {
  baked: Player;
  sounds: string;
  model: string;
  live: boolean;
}

export interface ConnectedSounds {
  options: SoundsOptions;
  /** @returns takes the listener back */
  onSounds(listener: (next: SoundsOptions) => void): () => void;
}

type OpenPlayer = (options: { packs: string; model: string }) => Player;

/** @param openPlayer for tests */
export function connectSounds(
  first: ServedSounds,
  hot: HotContext | undefined,
  openPlayer: OpenPlayer = createPlayer,
): ConnectedSounds {
  const open = ({ baked, model }: ServedSounds) => openPlayer({ packs: baked, model });
  const listeners = new Set<(next: SoundsOptions) => void>();
  const { player, replace } = replaceable(open(first));
  const { sounds, model, live } = first;
  const options: SoundsOptions = { baked: player, sounds, model, live };
  let newest = first.version;

  async function take(next: ServedSounds): Promise<void> {
    if (next.version <= newest) return;
    newest = next.version;
    const opened = open(next);
    try {
      await opened.load();
    } catch {
      return opened.dispose(); // the server has gone, or is at work: the next event tries again
    }
    if (next.version !== newest) return opened.dispose();
    replace(opened);
    options.sounds = next.sounds;
    hideOverlay();
    for (const listener of listeners) listener(options);
  }

  hot?.on('scenefoley:sounds', (next) => void take(next));
  hot?.send('scenefoley:hello', { version: first.version });
  return {
    options,
    onSounds(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One player for the game, others behind it. */
function replaceable(first: Player): { player: Player; replace: (next: Player) => void } {
  let current = leased(first);
  const player: Player = {
    load: (options) => current.use((one) => one.load(options)),
    has: (request) => current.player.has(request),
    get sounds() {
      return current.player.sounds;
    },
    take: (request, options) => current.use((one) => one.take(request, options)),
    dispose: () => current.player.dispose(),
  };
  return {
    player,
    replace(next) {
      current.retire();
      current = leased(next);
    },
  };
}

/** Disposed once it is retired and nothing is under way. */
function leased(player: Player) {
  let [users, isRetired] = [0, false];
  const leave = () => {
    if (isRetired && users === 0) void player.dispose();
  };
  return {
    player,
    async use<T>(work: (player: Player) => Promise<T>): Promise<T> {
      users += 1;
      try {
        return await work(player);
      } finally {
        users -= 1;
        leave();
      }
    },
    retire() {
      isRetired = true;
      leave();
    },
  };
}

/** Vite's, of an error that is mended. */
function hideOverlay(): void {
  if (typeof document === 'undefined') return;
  for (const overlay of document.querySelectorAll('vite-error-overlay')) overlay.remove();
}
