/** The demo scene in a browser: what tests do in it and read from it. */
import type { Page } from 'playwright';
import { expect } from 'vitest';
import { audioTime, type Level, levelsSince, meanOf } from '../support/recorded-page.ts';

export const WAIT = { timeout: 60_000 };
/** Linear: −66 dB. */
export const SILENT = 0.0005;
/** The eyes are there with the first, the ear and what it hears with the next. */
const IMAGES_UNTIL_THERE = 3;
/** Seconds: the ear's ramps, and those of a voice that begins or ends. */
const EAR_GLIDES = 0.3;

/** What the page shows to the console. */
interface Shown {
  demo: {
    world: {
      scene: {
        meshes: { isVisible: boolean }[];
        onAfterRenderObservable: { addOnce(then: () => void): void };
      };
      walker: {
        feet: { clone(): { set(x: number, y: number, z: number): never } };
        standAt(feet: never, yaw: number): void;
      };
    };
    foley: { setBusVolume(bus: string, volume: number): void };
  };
}

/** Opens it and hides what is drawn: drawing in software would take all the time. The world goes on in its steps. */
export async function openDemo(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('html[data-ready="true"]').waitFor(WAIT);
  await page.evaluate(() => {
    const { demo } = globalThis as unknown as Shown;
    for (const mesh of demo.world.scene.meshes) mesh.isVisible = false;
  });
}

export async function enableSound(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Click to enable sound' }).click(WAIT);
  await page.locator('html[data-sound="on"]').waitFor(WAIT);
}

/** Until all that the scene can need is there. */
export async function untilPrepared(page: Page): Promise<void> {
  const words = page.getByText(/^(\d+) of \1 sounds of the scene are ready/);
  await words.waitFor({ ...WAIT, state: 'attached' });
}

/** Until nothing has been heard for half a second. */
export async function untilQuiet(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        const now = await audioTime(page);
        const { left, right } = meanOf(await levelsSince(page, now - 0.5));
        return Math.max(left, right);
      },
      { timeout: 20_000, interval: 200 },
    )
    .toBeLessThan(SILENT);
}

export function setBus(page: Page, bus: string, volume: number): Promise<void> {
  return page.evaluate(
    ([name, wanted]) => (globalThis as unknown as Shown).demo.foley.setBusVolume(name, wanted),
    [bus, volume] as const,
  );
}

/**
 * Until the ear has come along: eyes and ear follow the feet as images are drawn, which a loaded machine does late.
 * @param yaw radians; 0 looks along +z.
 */
export async function standAt(page: Page, x: number, z: number, yaw: number): Promise<void> {
  await page.evaluate(
    async ([px, pz, turn, images]) => {
      const { walker, scene } = (globalThis as unknown as Shown).demo.world;
      walker.standAt(walker.feet.clone().set(px, 0, pz), turn);
      for (let i = 0; i < images; i++) {
        await new Promise<void>((then) => scene.onAfterRenderObservable.addOnce(then));
      }
    },
    [x, z, yaw, IMAGES_UNTIL_THERE] as const,
  );
  await untilHeard(page, EAR_GLIDES);
}

export function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click(WAIT);
}

export async function walk(page: Page, ms: number): Promise<void> {
  await page.locator('#scene').focus();
  await page.keyboard.down('KeyW');
  await page.waitForTimeout(ms);
  await page.keyboard.up('KeyW');
}

export interface Entry {
  number: number;
  /** `sound · event`. */
  what: string;
  prompt: string;
  /** From where: baked, generated, cache, fallback; or silent, failed. */
  source: string;
}

/** All of the log, oldest first. */
export async function entriesOf(page: Page): Promise<Entry[]> {
  return page.locator('#log li').evaluateAll((items) =>
    items.reverse().map((item) => ({
      number: Number((item as HTMLElement).dataset.number),
      what: item.querySelector('.entry-sound')?.textContent ?? '',
      prompt: item.querySelector('.entry-prompt')?.textContent ?? '',
      source: item.querySelector<HTMLElement>('.entry')?.dataset.source ?? '',
    })),
  );
}

/** @returns reads the entries from now on. */
export async function watchLog(page: Page): Promise<() => Promise<Entry[]>> {
  const before = (await entriesOf(page)).at(-1)?.number ?? 0;
  return async () => (await entriesOf(page)).filter(({ number }) => number > before);
}

/** What is heard while something is done, and for so long after it. */
export async function hear(
  page: Page,
  seconds: number,
  deed: () => Promise<void>,
): Promise<Level[]> {
  const from = await audioTime(page);
  await deed();
  await untilHeard(page, seconds);
  return levelsSince(page, from);
}

/** Until so many seconds more have reached the loudspeakers. */
async function untilHeard(page: Page, seconds: number): Promise<void> {
  const until = (await audioTime(page)) + seconds;
  await expect
    .poll(() => audioTime(page), { timeout: 60_000, interval: 100 })
    .toBeGreaterThan(until);
}
