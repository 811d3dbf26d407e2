/** A Worker without a thread: the real service with a fake engine behind a message channel, for tests in Node. */
import { expose } from 'comlink';
import type { Pace } from '../../runtime/contract.ts';
import { createRuntimeService } from '../../runtime/service.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';

export interface FakeWorkers {
  /** For `workerFactory`. */
  create(): Worker;
  engines: FakeEngine[];
  workers: FakeWorker[];
  /** Given to every engine made from now on. */
  before: FakeEngine['before'];
}

class FakeWorker extends EventTarget {
  readonly ports = new MessageChannel();
  readonly engines: FakeEngine[] = [];
  /** Every pace it was told. */
  readonly paces: Pace[] = [];
  terminated = false;

  constructor() {
    super();
    this.ports.port1.addEventListener('message', ({ data }) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
    this.ports.port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (!this.terminated) this.ports.port1.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    for (const engine of this.engines) engine.before = die;
    this.ports.port1.close();
  }

  /** As a browser reports an uncaught error. */
  crash(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }
}

/** The thread is gone: nothing of it goes on. */
function die(): never {
  throw new Error('terminated');
}

export function fakeWorkers(): FakeWorkers {
  const all: FakeWorkers = {
    engines: [],
    workers: [],
    before: () => {},
    create() {
      const worker = new FakeWorker();
      const service = createRuntimeService(async (pack) => {
        const engine = fakeEngine(pack.manifest);
        engine.before = all.before;
        worker.engines.push(engine);
        all.engines.push(engine);
        return engine;
      });
      const setPace = (pace: Pace) => {
        worker.paces.push(pace);
        service.setPace(pace);
      };
      expose({ ...service, setPace }, worker.ports.port2 as Parameters<typeof expose>[1]);
      all.workers.push(worker);
      return worker as unknown as Worker;
    },
  };
  return all;
}
