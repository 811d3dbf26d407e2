/** Havok in Node: its WASM read from the package. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import HavokPhysics from '@babylonjs/havok';

export async function loadHavok(): Promise<Awaited<ReturnType<typeof HavokPhysics>>> {
  const wasm = createRequire(import.meta.url).resolve('@babylonjs/havok/lib/esm/HavokPhysics.wasm');
  const bytes = await readFile(wasm);
  const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return HavokPhysics({ wasmBinary: wasmBinary as ArrayBuffer });
}
