/** The worker's end of the player. Nothing is awaited before `expose`, so no message is lost. */
import { expose, transfer } from 'comlink';
import { loadFastestKernels } from '../kernels/fastest-kernels.ts';
import { modelFileCache, urlSource } from '../pack-source.ts';
import type { OnLog, PlayerApi } from './contract.ts';
import { openPackBytes } from './pack-bytes.ts';
import { createPlayerService } from './player-service.ts';

const service = createPlayerService({
  loadKernels: loadFastestKernels,
  openPack: openPackBytes,
  openModel: urlSource,
  openModelCache: modelFileCache,
});

const api: PlayerApi = {
  ...service,
  connect(lockName, onLog) {
    // Here `onLog` is a call to the other thread: a promise, which fails when nobody is there any more.
    const send = onLog as (...line: Parameters<OnLog>) => Promise<void>;
    return service.connect(lockName, (...line) => void send(...line).catch(() => {}));
  },
  async take(id, place, priority) {
    const take = await service.take(id, place, priority);
    return transfer(take, [take.pcm.buffer, take.codes.buffer]);
  },
};

expose(api);
