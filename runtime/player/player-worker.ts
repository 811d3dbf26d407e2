/** The worker's end of the player. Nothing is awaited before `expose`, so no message is lost. */
import { expose, transfer } from 'comlink';
import { loadFastestKernels } from '../kernels/fastest-kernels.ts';
import { urlSource } from '../pack-source.ts';
import type { PlayerApi } from './contract.ts';
import { openPackBytes } from './pack-bytes.ts';
import { createPlayerService } from './player-service.ts';

const service = createPlayerService({
  loadKernels: loadFastestKernels,
  openPack: openPackBytes,
  openModel: urlSource,
});

const api: PlayerApi = {
  ...service,
  async take(id, place, priority) {
    const take = await service.take(id, place, priority);
    return transfer(take, [take.pcm.buffer, take.codes.buffer]);
  },
};

expose(api);
