/**
 * A page in the installed Chromium, and what its loudspeakers get.
 *
 *   … ──▶ AudioContext.destination
 *    └──▶ AnalyserNode ──▶ peak and RMS of each side, every 20 ms
 */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/chromium.mjs';

/** Levels of one moment; linear. */
export interface Heard {
  /** Seconds on the page's clock. */
  at: number;
  left: number;
  right: number;
  peak: number;
}

export interface HeardPage {
  page: Page;
  /** URLs asked for. */
  requests: string[];
  /** Errors of the page, and what its Content-Security-Policy refused. */
  errors: string[];
  /** All moments so far. */
  heard(): Promise<Heard[]>;
  /** Resolves once a peak is above this; linear. @throws after the time. */
  untilHeard(peak: number, timeoutMs: number): Promise<void>;
}

/** Sound needs a gesture, as at a visitor's. */
export function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  const flags = CHROMIUM_FLAGS.filter((flag) => !flag.startsWith('--autoplay-policy'));
  const args = [...flags, '--use-gl=angle', '--use-angle=swiftshader'];
  return chromium.launch({ args, ...(executablePath && { executablePath }) });
}

/** A new page with the tap in it; go where you want. */
export async function openHeardPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<HeardPage> {
  const page = await browser.newPage({ viewport: { width: 360, height: 640 }, ...options });
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) errors.push(message.text());
  });
  await page.addInitScript(tapDestinations);
  const heard = () => page.evaluate(() => (globalThis as unknown as { heard: Heard[] }).heard);
  return {
    page,
    requests,
    errors,
    heard,
    async untilHeard(peak, timeoutMs) {
      await page.waitForFunction(
        (least) =>
          (globalThis as unknown as { heard: Heard[] }).heard.some((one) => one.peak > least),
        peak,
        { timeout: timeoutMs, polling: 100 },
      );
    },
  };
}

/** Runs in the page, before its own scripts. */
function tapDestinations(): void {
  const moments: Heard[] = [];
  const taps = new WeakMap<BaseAudioContext, AudioNode>();
  const connect = AudioNode.prototype.connect as (...args: unknown[]) => AudioNode;
  Object.assign(globalThis, { heard: moments });

  function tapOf(context: BaseAudioContext): AudioNode {
    const known = taps.get(context);
    if (known !== undefined) return known;
    const splitter = context.createChannelSplitter(2);
    const input = context.createGain();
    input.channelCount = 2;
    input.channelCountMode = 'explicit';
    connect.call(input, splitter);
    const sides = [0, 1].map((channel) => {
      const analyser = context.createAnalyser();
      analyser.fftSize = 1024;
      connect.call(splitter, analyser, channel);
      return analyser;
    });
    const samples = new Float32Array(1024);
    const levelsOf = (analyser: AnalyserNode) => {
      analyser.getFloatTimeDomainData(samples);
      let [sum, peak] = [0, 0];
      for (const sample of samples) {
        sum += sample * sample;
        peak = Math.max(peak, Math.abs(sample));
      }
      return { rms: Math.sqrt(sum / samples.length), peak };
    };
    setInterval(() => {
      if (context.state !== 'running') return;
      const [left, right] = sides.map(levelsOf) as [
        { rms: number; peak: number },
        { rms: number; peak: number },
      ];
      const peak = Math.max(left.peak, right.peak);
      moments.push({ at: performance.now() / 1000, left: left.rms, right: right.rms, peak });
      if (moments.length > 20_000) moments.splice(0, 10_000);
    }, 20);
    taps.set(context, input);
    return input;
  }

  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode && !(this.context instanceof OfflineAudioContext)) {
      connect.call(this, tapOf(this.context));
    }
    return connect.apply(this, args);
  } as AudioNode['connect'];
}
