/**
 * Where sounds come from, and whether they may be sold.
 *
 *   model.json: licence, commercialUse ── checkRelease ──▶ bake --release goes on, or says why not
 *   manifest, manifest, … ── disclosureOf ──▶ Disclosure ── disclosureText ──▶ what stores ask for, in Markdown
 *
 * What each file says of itself is in formats/asset-facts.ts.
 */
import type { BakeManifest } from './contract.ts';

export type ModelTerms = Pick<BakeManifest['model'], 'name' | 'licence' | 'commercialUse'>;

export interface Disclosure {
  /** Sounds that ship as files, made beforehand. */
  preGenerated: boolean;
  /** The game makes sounds while it is played, too. */
  liveGenerated: boolean;
  sounds: number;
  takes: number;
  /** Different ones. */
  prompts: number;
  /** Of all takes together. */
  seconds: number;
  bytes: number;
  /** The files that prompts were written in. */
  soundMaps: string[];
  models: ModelShare[];
}

export interface ModelShare extends ModelTerms {
  takes: number;
}

export interface DisclosureOptions {
  /** The game generates sounds on the player's machine too. */
  live: boolean;
}

/** @throws Error that names the licence, and what to do, where it forbids commercial use */
export function checkRelease({ name, licence, commercialUse }: ModelTerms): void {
  if (commercialUse) return;
  throw new Error(
    `release: the licence of model ${name} (${licence}) forbids commercial use, and so of what it makes. Bake with a model that allows it (--model), or without --release for what is not sold.`,
  );
}

/** Sums up what several bakes of one game left. */
export function disclosureOf(
  manifests: readonly BakeManifest[],
  { live }: DisclosureOptions,
): Disclosure {
  const takes = manifests.flatMap(({ sounds }) => Object.values(sounds).flat());
  const names = manifests.flatMap(({ sounds }) => Object.keys(sounds));
  return {
    preGenerated: takes.length > 0,
    liveGenerated: live,
    sounds: names.length,
    takes: takes.length,
    prompts: new Set(takes.map(({ prompt }) => prompt)).size,
    seconds: Math.round(10 * sum(takes.map(({ duration }) => duration))) / 10,
    bytes: sum(manifests.flatMap(({ files }) => files.map(({ bytes }) => bytes))),
    soundMaps: [...new Set(manifests.map(({ soundMap }) => soundMap))],
    models: modelsOf(manifests),
  };
}

/** Each model once, in the order they come in. */
function modelsOf(manifests: readonly BakeManifest[]): ModelShare[] {
  const shares = new Map<string, ModelShare>();
  for (const { model, sounds } of manifests) {
    const { name, licence, commercialUse, hash } = model;
    const share = shares.get(hash) ?? { name, licence, commercialUse, takes: 0 };
    share.takes += Object.values(sounds).flat().length;
    shares.set(hash, share);
  }
  return [...shares.values()];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
