/** The worker's end of the player. Nothing is awaited before `expose`, so no message is lost. */
import { expose, transfer } from 'comlink';
import { loadFastestKernels } from '../kernels/fastest-kernels.ts';
import { urlSource } from '../pack-source.ts';
import { blockSource } from './block-source.ts';
import type { PlayerApi, RangeChoice } from './contract.ts';
import { openHttpSource } from './http-source.ts';
import { createPlayerService, type PackBytes } from './player-service.ts';

const service = createPlayerService({
  loadKernels: loadFastestKernels,
  openPack,
  openModel: urlSource,
});

const api: PlayerApi = {
  ...service,
  async take(id, place, priority) {
    const take = await service.take(id, place, priority);
    return transfer(take, [take.pcm.buffer, take.codes.buffer]);
  },
};

async function openPack(url: string, range: RangeChoice): Promise<PackBytes> {
  const source = await openHttpSource(url, range);
  if (source.isWhole) return source;
  const { place, read } = blockSource(source);
  return {
    ...{ place, read },
    get isWhole() {
      return source.isWhole;
    },
  };
}

expose(api);
