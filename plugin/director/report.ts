/** What the director tells of each event that was for one of its sounds. */
import type { Take, TakeSource } from '../../runtime/contract.ts';
import type { Point, SceneEventKind } from '../scene-event.ts';
import type { VoiceRefusal } from '../voices.ts';
import type { Cue } from './cue.ts';
import type { Rung } from './ladder.ts';

/** Why an event that a sound is for was silent; 'absent': no take was ready, or soon enough. */
export type MissReason = VoiceRefusal | 'absent';

/** What for. */
export interface Occasion {
  /** Name of the sound the event was for; null where the game named a prompt. */
  sound: string | null;
  /** null where there was none. */
  event: SceneEventKind | null;
  point: Point | null;
}

export const NO_OCCASION: Occasion = Object.freeze({ sound: null, event: null, point: null });

export type DirectorReport = Occasion & { prompt: string; seed: number; latencyMs: number } & (
    | { kind: 'played'; rung: Rung; source: TakeSource; take?: Take } // absent while it is being made
    | { kind: 'missed'; reason: MissReason }
    | { kind: 'failed'; error: unknown }
  );

export function occasionOf({ sound, event }: Cue): Occasion {
  const { x, y, z } = event.point;
  return { sound: sound.given.name, event: event.kind, point: { x, y, z } };
}

/** Nothing is heard of what the cue wants. */
export function missedOf(cue: Cue, reason: MissReason): DirectorReport {
  const { prompt, requests, wanted } = cue.pool;
  const seed = requests[wanted]?.seed ?? 0;
  return { ...occasionOf(cue), kind: 'missed', reason, prompt, seed, latencyMs: 0 };
}
