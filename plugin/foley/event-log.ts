/** What happened to the sounds: counted, and told to whoever listens. */
import type { Seconds, Take, TakeSource } from '../../runtime/contract.ts';
import type { Rung } from '../director/ladder.ts';
import type { MissReason, Occasion } from '../director/report.ts';
import { sayFew } from '../say-few.ts';

/** For logs and panels: one for each sound that played, or should have, and each take that was made. */
export interface FoleyEvent extends Occasion {
  kind: 'played' | 'missed' | 'failed' | 'generated';
  /** On the adapter's clock. */
  time: Seconds;
  prompt: string;
  seed: number;
  /** Where the take came from; null without one. */
  source: TakeSource | null;
  /** Which rung of the fallback ladder was heard; null where none was, or where the game named a prompt. */
  rung: Rung | null;
  /** From asking to scheduling; for `generated` from asking to having. */
  latencyMs: number;
  /** Of `played`: absent if the sound was still being made; `generated` brings it. */
  take?: Take;
  /** Of `missed`. */
  reason?: MissReason;
  /** Of `failed`. */
  error?: unknown;
}

/** Counted since the beginning. */
export interface EventCounts {
  played: number;
  /** No take was ready when a sound needed it, or soon enough. */
  absent: number;
  /** The audio was not unlocked. */
  suspended: number;
  /** More important voices had all places. */
  crowded: number;
  failed: number;
  generated: number;
}

export interface EventLog {
  readonly counts: EventCounts;
  tell(told: Told): void;
  /** @returns takes the listener back. What a listener throws is logged. */
  subscribe(listener: (event: FoleyEvent) => void): () => void;
  /** Nobody is told of what comes now, as a take that was given up too late. */
  dispose(): void;
}

/** What is not said is null. */
export type Told = Omit<FoleyEvent, 'time' | 'source' | 'rung' | keyof Occasion> &
  Partial<Pick<FoleyEvent, 'source' | 'rung' | keyof Occasion>>;

const UNSAID = { sound: null, event: null, point: null, source: null, rung: null };

export interface EventLogParts {
  now: () => Seconds;
  /** Of the audio context; undefined: there is none. */
  state: () => AudioContextState | undefined;
  warn: (message: string) => void;
}

const SUSPENDED =
  'foley: the audio is not running, so sounds are left out. Call unlock() in a user gesture.';
const CLOSED =
  'foley: the audio context is closed, so nothing is heard any more. Dispose this foley and make a new one.';

export function createEventLog({ now, state, warn }: EventLogParts): EventLog {
  const listeners = new Set<(event: FoleyEvent) => void>();
  const counts = { played: 0, absent: 0, suspended: 0, crowded: 0, failed: 0, generated: 0 };
  const warned = new Set<string>();
  const warnThrown = sayFew(warn);

  function count({ kind, reason }: Told): void {
    counts[kind === 'missed' ? (reason ?? 'absent') : kind] += 1;
    if (reason === 'suspended') warnOnce(state() === 'closed' ? CLOSED : SUSPENDED);
  }

  function warnOnce(message: string): void {
    if (warned.has(message)) return;
    warned.add(message);
    warn(message);
  }

  return {
    counts,
    tell(told) {
      count(told);
      const event = { ...UNSAID, time: now(), ...told };
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          warnThrown(`foley: a listener of onEvent threw. ${String(error)}`);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose: () => listeners.clear(),
  };
}
