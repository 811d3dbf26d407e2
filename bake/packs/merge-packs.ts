/** Takes of several packs as one: in their order, each once. */
import type { BakedTake } from '../../runtime/contract.ts';
import { canonicalJson } from '../../runtime/sound-key.ts';
import type { TokenPackInfo } from '../../runtime/token-pack.ts';

/** All of a pack, or of what was unpacked from one. */
export interface WholePack {
  place: string;
  info: TokenPackInfo;
  takes: BakedTake[];
}

/**
 * @param isWanted the others are left out
 * @throws Error for packs of different codecs or defaults, and for two wanted takes that answer the same request
 */
export function mergePacks(
  packs: readonly [WholePack, ...WholePack[]],
  isWanted: (take: BakedTake) => boolean = () => true,
): WholePack {
  const [first] = packs;
  const merged = new Map<string, { place: string; take: BakedTake }>();
  for (const { place, info, takes } of packs) {
    checkInfo(first, place, info);
    for (const take of takes.filter(isWanted)) {
      const key = canonicalJson([take.sound, take.spec]);
      const earlier = merged.get(key);
      if (earlier === undefined) merged.set(key, { place, take });
      else if (!isSame(earlier.take, take)) throw conflict(take, earlier.place, place);
    }
  }
  return { ...first, takes: [...merged.values()].map(({ take }) => take) };
}

function checkInfo(first: WholePack, place: string, info: TokenPackInfo): void {
  const [expected, found] = [first.info, info].map(canonicalJson);
  if (found === expected) return;
  throw new Error(
    `pack: ${place} is of another codec or other defaults: expected ${expected} as in ${first.place}, found ${found}. Bake them with one model.`,
  );
}

function isSame({ codes: a, ...one }: BakedTake, { codes: b, ...other }: BakedTake): boolean {
  return canonicalJson(one) === canonicalJson(other) && a.every((code, i) => code === b[i]);
}

function conflict({ sound, spec }: BakedTake, a: string, b: string): Error {
  return new Error(
    `pack: '${sound}' has two takes for '${spec.prompt}', seed ${spec.seed}: in ${a} and in ${b}. Leave one pack out, or choose with --sound.`,
  );
}
