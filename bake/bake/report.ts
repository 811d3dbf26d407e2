/** What came of a bake, for people and for machines. */
import type { BakeManifest, Fault } from '../contract.ts';

export interface BakeReport {
  /** 'fresh': there was nothing to do. 'stale': of `check`, there would be. */
  outcome: 'baked' | 'fresh' | 'stale';
  /** Why it was not fresh, in sentences. */
  reasons: string[];
  /** What the map asks for and cannot be baked. */
  notes: string[];
  sounds: number;
  takes: number;
  /** Takes made now, near copies that were rolled again included; the others were kept from bakes before. */
  made: number;
  /** What the quality gate still finds wrong. */
  faulty: FaultyTake[];
  files: { path: string; bytes: number; sha256: string }[];
  /** Files of earlier bakes. */
  removed: string[];
}

export interface FaultyTake {
  sound: string;
  prompt: string;
  /** Of the take that is kept. */
  seed: number;
  faults: Fault[];
}

/** What a manifest tells of it. */
export function contentsOf(
  manifest: BakeManifest | undefined,
): Pick<BakeReport, 'sounds' | 'takes' | 'faulty' | 'files'> {
  if (manifest === undefined) return { sounds: 0, takes: 0, faulty: [], files: [] };
  const takes = Object.entries(manifest.sounds).flatMap(([sound, list]) =>
    list.map(({ prompt, seed, faults }) => ({ sound, prompt, seed, faults })),
  );
  return {
    sounds: Object.keys(manifest.sounds).length,
    takes: takes.length,
    faulty: takes.filter(({ faults }) => faults.length > 0),
    files: manifest.files,
  };
}
