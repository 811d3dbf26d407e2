/** What happened, in a few words. */
import type { FoleyEvent } from '../foley/event-log.ts';

export function millisecondsInWords(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** 1 MB is a million bytes. */
export function bytesInWords(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function errorInWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** 'glass · collision', 'a new take'. */
export function occasionInWords({ kind, sound, event }: FoleyEvent): string {
  if (sound === null) return kind === 'generated' ? 'a new take' : 'by its prompt';
  return event === null ? sound : `${sound} · ${event}`;
}

/** Which rung was heard, from where, how late: 'exact · memory · 1.3 ms'. */
export function outcomeInWords(event: FoleyEvent): string {
  const { kind, source, rung, latencyMs, reason, error } = event;
  if (kind === 'failed') return `failed: ${errorInWords(error)}`;
  if (kind === 'missed') return `silent: ${reason ?? 'absent'}`;
  const words = [kind === 'generated' ? 'made' : rung, source, millisecondsInWords(latencyMs)];
  return words.filter((word) => word !== null).join(' · ');
}
