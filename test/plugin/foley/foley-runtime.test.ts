import { afterEach, expect, test, vi } from 'vitest';
import { fetchRuntime, runtimeOf } from '../../../plugin/foley/foley-runtime.ts';
import { fakeWorkers } from '../../runtime/fake-worker.ts';
import { createFakeRuntime, createLog } from '../fake-runtime.ts';

const CLIENT = '../../../runtime/client.ts';
const model = '/models/foley-tiny/';

afterEach(() => vi.doUnmock(CLIENT));

/** @returns how often the client's code was fetched. */
function watchCode(make: () => object): () => number {
  let times = 0;
  vi.doMock(CLIENT, () => {
    times += 1;
    return make();
  });
  return () => times;
}

test('its own runtime is a client with its options: the worker starts when it is asked', async () => {
  const fakes = fakeWorkers();
  const workerFactory = vi.fn(fakes.create);
  const runtime = await runtimeOf({ model, workerFactory }, createLog());
  expect(workerFactory).not.toHaveBeenCalled();
  runtime.load().catch(() => {});
  expect(workerFactory).toHaveBeenCalledTimes(1);
  await runtime.dispose();
});

test('nothing is fetched for a runtime that is handed in, nor for `live: false`', async () => {
  const fetched = watchCode(() => ({}));
  const runtime = createFakeRuntime();
  fetchRuntime({ model, runtime });
  fetchRuntime({ model, live: false });
  expect(await runtimeOf({ model, runtime, live: false }, createLog())).toBe(runtime);
  const none = await runtimeOf({ model, live: false }, createLog());
  await expect(none.load()).rejects.toThrow('live: false');
  await vi.dynamicImportSettled();
  expect(fetched()).toBe(0);
});

test('fetched beforehand it is there once; what fails then is told by whoever needs it', async () => {
  const fetched = watchCode(() => ({
    createRuntimeClient() {
      throw new Error('not in this build');
    },
  }));
  fetchRuntime({ model });
  await vi.waitFor(() => expect(fetched()).toBe(1));
  await expect(runtimeOf({ model }, createLog())).rejects.toThrow('not in this build');
  expect(fetched()).toBe(1);
});
