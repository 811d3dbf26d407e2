/** A whole foley on a fake runtime, without an engine, and a clock that the test moves. */
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { createFoleyWith, type FoleyEvent, type FoleyOptions } from '../../../plugin/foley.ts';
import type { SoundMap } from '../../../plugin/sound-definition.ts';
import { createFakeRuntime, createLog } from '../fake-runtime.ts';

export const aborted = { name: 'AbortError' };

export async function setUp(
  sounds: SoundMap,
  fake: Parameters<typeof createFakeRuntime>[0] = {},
  options: Partial<FoleyOptions> = {},
) {
  const clock = { now: 0 };
  const adapter = createNullAdapter({ now: () => clock.now });
  const runtime = createFakeRuntime(fake);
  const logger = createLog();
  const given = { model: '/m/', runtime, logger, sounds, prefetch: false, ...options };
  const foley = await createFoleyWith(adapter, given);
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  return { foley, runtime, adapter, logger, events, clock };
}

/** Until what was asked for so far has come. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
