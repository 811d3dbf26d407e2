/** A Worker without a thread: the real service behind a message channel, for tests of the player in Node. */
import { expose } from 'comlink';
import type { PlayerApi } from '../../../runtime/player/contract.ts';
import { createPlayerService, type PlayerSources } from '../../../runtime/player/player-service.ts';

export class FakePlayerWorker extends EventTarget {
  readonly ports = new MessageChannel();
  /** Names of the calls that came. */
  readonly calls: string[] = [];
  terminated = false;

  constructor(sources: PlayerSources) {
    super();
    this.ports.port1.addEventListener('message', ({ data }) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
    this.ports.port1.start();
    const service: PlayerApi = createPlayerService(sources);
    expose(service, this.ports.port2 as Parameters<typeof expose>[1]);
  }

  postMessage(message: { path?: string[] }, transfer: Transferable[] = []): void {
    if (message.path?.[0] !== undefined) this.calls.push(message.path[0]);
    if (!this.terminated) this.ports.port1.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    this.ports.port1.close();
  }

  /** As a browser reports an uncaught error. */
  crash(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }
}
