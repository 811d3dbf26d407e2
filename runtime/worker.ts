/** The worker's end of the boundary. Nothing is awaited before `expose`, so no message is lost. */
import { expose, transfer } from 'comlink';
import { createEngine } from './choose-engine.ts';
import type { RuntimeApi } from './contract.ts';
import { createRuntimeService } from './service.ts';

const service = createRuntimeService(createEngine);

const api: RuntimeApi = {
  ...service,
  connect(lockName, onEvent) {
    // Here `onEvent` is a call to the other thread: a promise, which fails when nobody is there any more.
    const send = onEvent as (...event: Parameters<typeof onEvent>) => Promise<void>;
    return service.connect(lockName, (event) => void send(event).catch(() => {}));
  },
  async generate(request, wantsProgress) {
    const take = await service.generate(request, wantsProgress);
    return transfer(take, [take.pcm.buffer, take.codes.buffer]);
  },
};

expose(api);
