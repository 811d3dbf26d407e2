/**
 * Takes for the page: one is asked for at a time, what somebody waits for first.
 *
 *   load(take)          ──▶ behind the others
 *   load(take, urgent)  ──▶ before them
 *   loaded ──▶ kept, up to a number of them; the ones that were heard longest ago go
 */
import { fetchTake, type LoadedTake, type TakeName } from './server.ts';

export interface TakeLoader {
  load(take: TakeName, isUrgent?: boolean): Promise<LoadedTake>;
  /** Whatever has not come yet is given up; those promises reject with AbortError. Who asks again is answered. */
  giveUp(): void;
}

interface Wish {
  key: string;
  take: TakeName;
  promise: Promise<LoadedTake>;
  resolve: (loaded: LoadedTake) => void;
  reject: (error: unknown) => void;
}

/** Of 10 s at most: 100 MB. */
const MOST_KEPT = 80;

/** @param fetchOne for tests */
export function createTakeLoader(fetchOne: typeof fetchTake = fetchTake): TakeLoader {
  const kept = new Map<string, LoadedTake>();
  let wishes: Wish[] = [];
  /** On its way; undefined also where it was given up. */
  let running: Wish | undefined;
  let isBusy = false;
  let stop = new AbortController();

  function load(take: TakeName, isUrgent = false): Promise<LoadedTake> {
    const { sound, prompt, seed, duration, loop } = take;
    const key = JSON.stringify([sound, prompt, seed, duration, loop]);
    const known = kept.get(key);
    if (known !== undefined) return Promise.resolve(keep(key, known));
    if (running?.key === key) return running.promise;
    const wish = wishes.find((one) => one.key === key) ?? wishFor(key, take);
    wishes = wishes.filter((one) => one !== wish);
    if (isUrgent) wishes.unshift(wish);
    else wishes.push(wish);
    if (!isBusy) void goOn();
    return wish.promise;
  }

  async function goOn(): Promise<void> {
    isBusy = true;
    for (let wish = wishes.shift(); wish !== undefined; wish = wishes.shift()) {
      running = wish;
      try {
        wish.resolve(keep(wish.key, await fetchOne(wish.take, stop.signal)));
      } catch (error) {
        wish.reject(error);
      }
    }
    running = undefined;
    isBusy = false;
  }

  function keep(key: string, loaded: LoadedTake): LoadedTake {
    kept.delete(key);
    kept.set(key, loaded);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return loaded;
  }

  function giveUp(): void {
    const error = new DOMException('Another sound is looked at.', 'AbortError');
    for (const { reject } of wishes) reject(error);
    wishes = [];
    running = undefined;
    stop.abort(error);
    stop = new AbortController();
  }

  return { load, giveUp };
}

function wishFor(key: string, take: TakeName): Wish {
  let [resolve, reject]: [Wish['resolve'], Wish['reject']] = [() => {}, () => {}];
  const promise = new Promise<LoadedTake>((fulfil, refuse) => {
    [resolve, reject] = [fulfil, refuse];
  });
  return { key, take, promise, resolve, reject };
}
