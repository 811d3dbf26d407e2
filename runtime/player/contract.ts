/**
 * What crosses between a player and its worker. Types only.
 *
 *   main thread  player.ts  ── addresses ──▶           player-worker.ts   worker
 *                           ◀── what the packs hold ── (once, so that looking up is synchronous)
 *                           ── SoundPlace ──▶
 *                           ◀── Take ──
 */
import type { BakedSound, Take } from '../contract.ts';
import type { TokenPackInfo } from '../token-pack.ts';

/** `auto`: small packs as a whole, large ones piece by piece. */
export type RangeChoice = boolean | 'auto';

export interface PlayerLoadOptions {
  /** Absolute URLs; of two packs with the same sound the first answers. */
  packs: string[];
  /** Absolute URL of the folder of model.json and decoder.safetensors, ends in '/'. */
  model: string;
  cacheBytes: number;
  range: RangeChoice;
}

/** A pack without its codes. */
export interface PackContents {
  /** Its URL. */
  place: string;
  info: TokenPackInfo;
  sounds: BakedSound[];
  /** It was read at once; otherwise codes are fetched as they are needed. */
  isWhole: boolean;
}

/** Its sounds are not there; those of the others are. */
export interface FailedPack {
  /** Its URL. */
  place: string;
  /** A sentence. */
  reason: string;
}

/** At least one pack. */
export interface PlayerContents {
  packs: PackContents[];
  failed: FailedPack[];
}

/** Which of a player's sounds: places in `packs` that `load` gave, and in its sounds. */
export interface SoundPlace {
  pack: number;
  sound: number;
}

export type OnLog = (level: 'info' | 'warn', message: string) => void;

/** What player-worker.ts exposes and player.ts wraps. Errors are told apart by `name`: classes do not survive the crossing. */
export interface PlayerApi {
  /**
   * First call. The worker holds the Web Lock of that name for as long as it lives.
   * @param onLog gets what the player's logger should hear
   * @returns true once the lock is held, false where there are no Web Locks.
   */
  connect(lockName: string, onLog: OnLog): Promise<boolean>;
  /** @throws what is wrong with the first pack, where none can be played */
  load(options: PlayerLoadOptions): Promise<PlayerContents>;
  /** @throws AbortError once cancelled, TokenPackError where the codes are damaged */
  take(id: number, place: SoundPlace, priority: number): Promise<Take>;
  /** The pending `take` of that id rejects with AbortError unless it is being decoded; unknown ids are ignored. */
  cancel(id: number): void;
  ping(): void;
}
