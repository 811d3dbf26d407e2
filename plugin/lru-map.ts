/**
 * A map that stays within a weight: what was used longest ago goes first.
 *
 *   set(a) set(b) get(a) set(c)   ──▶   b goes, where there is room for two
 */
export interface LruMap<K, V> {
  /** Counts as use. */
  get(key: K): V | undefined;
  /** Does not count as use. */
  has(key: K): boolean;
  /** What weighs more than all together may is not kept. */
  set(key: K, value: V): void;
  delete(key: K): void;
  clear(): void;
  /** Longest unused first. */
  values(): Iterable<V>;
  readonly size: number;
  readonly weight: number;
}

/** @param weigh default 1 each */
export function createLruMap<K, V>(
  max: number,
  weigh: (value: V) => number = () => 1,
): LruMap<K, V> {
  const entries = new Map<K, { value: V; weight: number }>(); // in order of use
  let weight = 0;

  function remove(key: K): void {
    weight -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    has: (key) => entries.has(key),
    set(key, value) {
      remove(key);
      const added = weigh(value);
      if (added > max) return;
      for (const oldest of entries.keys()) {
        if (weight + added <= max) break;
        remove(oldest);
      }
      entries.set(key, { value, weight: added });
      weight += added;
    },
    delete: remove,
    clear() {
      entries.clear();
      weight = 0;
    },
    *values() {
      for (const { value } of entries.values()) yield value;
    },
    get size() {
      return entries.size;
    },
    get weight() {
      return weight;
    },
  };
}
