/** Counts what a bake has done, and tells. */
export interface BakeProgress {
  stage: 'takes' | 'files';
  done: number;
  /** May grow: near copies are rolled again. */
  total: number;
  /** Of `done`: made now, not found. */
  made: number;
}

export interface ProgressCount {
  /** Another stage begins. */
  begin(stage: BakeProgress['stage'], total: number): void;
  /** So many more than were known of. */
  more(count: number): void;
  done(isNew: boolean): void;
  /** Takes made now, so far. */
  readonly made: number;
}

export function createProgressCount(
  tell: (progress: BakeProgress) => void = () => {},
): ProgressCount {
  let now: BakeProgress = { stage: 'takes', done: 0, total: 0, made: 0 };
  let takesMade = 0;
  const become = (next: Partial<BakeProgress>) => {
    now = { ...now, ...next };
    tell(now);
  };
  return {
    begin: (stage, total) => become({ stage, total, done: 0, made: 0 }),
    more: (count) => become({ total: now.total + count }),
    done(isNew) {
      if (isNew && now.stage === 'takes') takesMade += 1;
      become({ done: now.done + 1, made: now.made + (isNew ? 1 : 0) });
    },
    get made() {
      return takesMade;
    },
  };
}
