/**
 * glTF files, taken apart and put together with everything that is in them, known or not.
 *
 *   .glb   'glTF' 2 bytes │ bytes 'JSON' text, filled with spaces │ bytes 'BIN' 0 buffer 0, filled with zeros │ others' chunks
 *   .gltf  the JSON by itself
 *
 * Chunks are whole words of 4 bytes. Source: Khronos, glTF 2.0 specification, GLB file format.
 */
import { messageOf } from '../../runtime/errors.ts';
import { joinedBytes } from '../../runtime/joined-bytes.ts';
import { utf8, words } from '../formats/bytes.ts';

export interface GltfNode {
  name?: string;
  extras?: unknown;
  extensions?: Record<string, unknown>;
}

/** What we touch; the rest goes through. */
export interface GltfJson {
  nodes?: GltfNode[];
  scene?: number;
  scenes?: { nodes?: number[]; extensions?: Record<string, unknown> }[];
  buffers?: { byteLength: number; uri?: string }[];
  bufferViews?: { buffer: number; byteOffset?: number; byteLength: number }[];
  extensions?: Record<string, unknown>;
  extensionsUsed?: string[];
  [other: string]: unknown;
}

export interface Gltf {
  json: GltfJson;
  /** Buffer 0 of a .glb, maybe empty; null: a .gltf. */
  binary: Uint8Array | null;
  /** Chunks of a .glb behind it, as they are. */
  others?: Uint8Array;
}

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
const HEADER = 12;
/** What is touched of the JSON, where it is there. */
const LISTS = ['nodes', 'scenes', 'buffers', 'bufferViews'] as const;

/**
 * @param place for messages
 * @throws Error that names place and byte
 */
export function readGltf(bytes: Uint8Array, place: string): Gltf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBinary = bytes.length >= HEADER && view.getUint32(0, true) === MAGIC;
  if (!isBinary) return { json: jsonOf(bytes, place), binary: null };
  const version = view.getUint32(4, true);
  if (version !== 2) throw broken(place, 4, `glTF version ${version}, this reads 2`);
  const length = view.getUint32(8, true);
  if (length > bytes.length || length < HEADER) {
    throw broken(place, 8, `a header for ${length} bytes, there are ${bytes.length}`);
  }
  return chunksOf(bytes.subarray(0, length), place); // what is behind is no part of it
}

function chunksOf(bytes: Uint8Array, place: string): Gltf {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = chunkAt(view, HEADER, place);
  if (text.type !== JSON_CHUNK) throw broken(place, HEADER + 4, 'the first chunk is not JSON');
  const json = jsonOf(bytes.subarray(HEADER + 8, text.end), place);
  if (text.end >= bytes.length) return { json, binary: new Uint8Array(0) };
  const binary = chunkAt(view, text.end, place);
  if (binary.type !== BINARY_CHUNK)
    throw broken(place, text.end + 4, 'the second chunk is not BIN');
  const others = bytes.subarray(binary.end);
  return {
    ...{ json, binary: bytes.subarray(text.end + 8, binary.end) },
    ...(others.length > 0 && { others }),
  };
}

export function writeGltf({ json, binary, others }: Gltf): Uint8Array<ArrayBuffer> {
  if (binary === null) return utf8(`${JSON.stringify(json, undefined, 2)}\n`);
  const text = filled(utf8(JSON.stringify(json)), 0x20);
  const chunks = [words(text.length, JSON_CHUNK), text];
  if (binary.length > 0 || others !== undefined) {
    const data = filled(binary, 0);
    chunks.push(words(data.length, BINARY_CHUNK), data);
  }
  if (others !== undefined) chunks.push(others);
  const body = joinedBytes(chunks);
  return joinedBytes([words(MAGIC, 2, HEADER + body.length), body]);
}

/**
 * Puts bytes at the end of buffer 0 of a .glb, and changes `gltf` for it.
 * @returns number of their bufferView
 * @throws Error where buffer 0 lies elsewhere
 */
export function appendBytes(gltf: Gltf & { binary: Uint8Array }, bytes: Uint8Array): number {
  const { json } = gltf;
  const uri = json.buffers?.[0]?.uri;
  if (uri !== undefined) throw notInside(uri);
  const before = filled(gltf.binary, 0);
  gltf.binary = joinedBytes([before, bytes]);
  json.buffers ??= [];
  json.buffers[0] = { ...json.buffers[0], byteLength: gltf.binary.length };
  json.bufferViews ??= [];
  json.bufferViews.push({ buffer: 0, byteOffset: before.length, byteLength: bytes.length });
  return json.bufferViews.length - 1;
}

function chunkAt(view: DataView, at: number, place: string): { type: number; end: number } {
  if (at + 8 > view.byteLength) throw broken(place, at, 'a chunk should begin here');
  const length = view.getUint32(at, true);
  const end = at + 8 + length;
  if (end > view.byteLength) {
    throw broken(place, at, `a chunk of ${length} bytes goes beyond the end at ${view.byteLength}`);
  }
  return { type: view.getUint32(at + 4, true), end };
}

function jsonOf(bytes: Uint8Array, place: string): GltfJson {
  const json = parsed(bytes, place);
  if (!isObject(json) || !('asset' in json)) {
    throw new Error(`gltf: ${place} has no 'asset', so it is no glTF file. Export it again.`);
  }
  const wrong = LISTS.find((name) => !isList(json[name]));
  if (wrong === undefined) return json as GltfJson;
  throw new Error(`gltf: ${place}: '${wrong}' must be a list of objects. Export it again.`);
}

function parsed(bytes: Uint8Array, place: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(
      `gltf: ${place} is neither .glb nor JSON: ${messageOf(error)}. Export it again.`,
    );
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isObject));
}

function notInside(uri: string): Error {
  return new Error(
    `gltf: the first buffer of the .glb lies elsewhere, at '${uri.slice(0, 60)}', so that clips have no place in it. Export it with its data inside, or as .gltf.`,
  );
}

function broken(place: string, at: number, what: string): Error {
  return new Error(`gltf: ${place}, byte ${at}: ${what}. Export it again as glTF 2.0.`);
}

function filled(bytes: Uint8Array, filler: number): Uint8Array {
  const missing = (4 - (bytes.length % 4)) % 4;
  return joinedBytes([bytes, new Uint8Array(missing).fill(filler)]);
}
