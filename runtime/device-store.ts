/** Which device was faster, in IndexedDB: one small record per model and browser. */
import { type DBSchema, openDB } from 'idb';
import { type DeviceRecord, type DeviceStore, forgetfulStore } from './choose-device.ts';
import { messageOf } from './errors.ts';
import type { Logger } from './logger.ts';

interface Schema extends DBSchema {
  devices: { key: string; value: DeviceRecord };
}

const DATABASE = 'scenefoley-devices';
const STORE = 'devices';

/** @returns a forgetful store, and says so, where IndexedDB is missing or refused */
export async function openDeviceStore(logger: Logger): Promise<DeviceStore> {
  const tolerate = (error: unknown) => {
    logger.info(`device-store: what was measured is not kept: ${messageOf(error)}.`);
    return undefined;
  };
  try {
    const db = await openDB<Schema>(DATABASE, 1, {
      upgrade: (created) => {
        created.createObjectStore(STORE);
      },
      blocking: () => db.close(),
    });
    return {
      get: (key) => db.get(STORE, key).then(asRecord, tolerate),
      put: (key, record) => db.put(STORE, record, key).then(() => {}, tolerate),
    };
  } catch (error) {
    tolerate(error);
    return forgetfulStore;
  }
}

/** What is no record counts as nothing. */
function asRecord(value: DeviceRecord | undefined): DeviceRecord | undefined {
  return value?.device === 'wasm' || value?.device === 'webgpu' ? value : undefined;
}
