/** The worker's end of the boundary. Nothing is awaited before `expose`, so no message is lost. */
import { expose, transfer } from 'comlink';
import { createEngine } from './choose-engine.ts';
import type { RuntimeApi, RuntimeEvent } from './contract.ts';
import { createRuntimeService } from './service.ts';

const service = createRuntimeService(createEngine);

const api: RuntimeApi = {
  ...service,
  connect(lockName, onEvent) {
    // Here `onEvent` is a call to the other thread: a promise, which fails when nobody is there any more.
    const send = onEvent as (...event: Parameters<typeof onEvent>) => Promise<void>;
    return service.connect(lockName, (event) => void send(handOver(event)).catch(() => {}));
  },
  async generate(request, wants) {
    const take = await service.generate(request, wants);
    return transfer(take, [take.pcm.buffer, take.codes.buffer]);
  },
};

/** PCM is transferred, not copied. */
function handOver(event: RuntimeEvent): RuntimeEvent {
  const pcm = event.kind === 'part' ? event.part?.pcm : undefined;
  return pcm === undefined ? event : transfer(event, [pcm.buffer]);
}

expose(api);
