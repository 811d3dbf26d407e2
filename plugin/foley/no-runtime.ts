/** The runtime of a game that ships without the model (`live: false`): it makes nothing, and says so. Its code is all there is of it. */
import type { RuntimeClient } from '../../runtime/client.ts';
import type { SoundPart, Take } from '../../runtime/contract.ts';

export function createNoRuntime(): RuntimeClient {
  return {
    load: refuse,
    generate: refuse,
    stream: () => Object.assign(refuseParts(), { hasten() {} }),
    downloadSize: refuse,
    setPace() {},
    busy: false,
    clearCache: refuse,
    async dispose() {},
  };
}

async function refuse(): Promise<never> {
  throw new Error(
    'foley: this game ships without the model (live: false), so nothing is made while it runs. Bake the sound, or leave `live` on.',
  );
}

async function* refuseParts(): AsyncGenerator<SoundPart, Take, void> {
  const nothing = await refuse();
  yield nothing;
  return nothing;
}
