import { describe, expect, test, vi } from 'vitest';
import type { Progress } from '../../runtime/contract.ts';
import { AbortError, ModelPackError } from '../../runtime/errors.ts';
import { engineFor, filesFor, hasWeights, PACK_FILES } from '../../runtime/model-manifest.ts';
import {
  type Bytes,
  type LoadFileOptions,
  type OpenPackOptions,
  openModelPack,
  type PackSource,
  packSize,
  readManifest,
  withFiles,
} from '../../runtime/model-pack.ts';
import { folderSource, urlSource } from '../../runtime/pack-source.ts';
import { entryOf, fakePack, textBytes } from './fake-pack.ts';

/** Opens a pack and loads every file of it. */
async function loadWhole(source: PackSource, options: OpenPackOptions & LoadFileOptions = {}) {
  const pack = await openModelPack(source, options);
  return { ...pack, files: await pack.load(PACK_FILES, options) };
}

/** The ModelPackError's message of a pack changed by `damage`. */
async function failureOf(damage: (pack: ReturnType<typeof fakePack>) => void): Promise<string> {
  const pack = fakePack();
  damage(pack);
  const error = await loadWhole(pack.source).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelPackError);
  return (error as Error).message;
}

/** model.json with one value replaced. */
function withField(path: string, value: unknown) {
  return ({ manifest, files }: ReturnType<typeof fakePack>) => {
    const json = structuredClone(manifest) as unknown as Record<string, unknown>;
    const keys = path.split('/');
    const last = keys.pop()!;
    const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, json);
    parent[last] = value;
    files.set('model.json', textBytes(JSON.stringify(json)));
  };
}

describe('model pack', () => {
  test('a whole pack loads, every file as it lies', async () => {
    const { source, files, manifest } = fakePack();
    const pack = await loadWhole(source);
    expect(pack.manifest).toEqual(manifest);
    for (const file of PACK_FILES) expect(pack.files[file]).toEqual(files.get(file));
    expect(pack.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the hash stays when model.json is only formatted otherwise, and changes with the model', async () => {
    const [plain, formatted, other] = [fakePack(), fakePack(), fakePack()];
    formatted.files.set('model.json', textBytes(JSON.stringify(plain.manifest, null, 2)));
    withField('languageModel/window', 9)(other);
    const [a, b, c] = await Promise.all(
      [plain, formatted, other].map((pack) => loadWhole(pack.source)),
    );
    expect(b!.hash).toBe(a!.hash);
    expect(c!.hash).not.toBe(a!.hash);
  });

  test('a missing file is named, model.json too', async () => {
    for (const file of ['model.json', ...PACK_FILES]) {
      const message = await failureOf(({ files }) => files.delete(file));
      expect(message).toContain(`/fake/${file}: expected`);
      expect(message).toContain('found no such file');
    }
  });

  test('a file cut short is named with both lengths', async () => {
    const message = await failureOf(({ files }) => {
      files.set('lm-step.onnx', files.get('lm-step.onnx')!.slice(0, 5) as Bytes);
    });
    expect(message).toContain('/fake/lm-step.onnx: expected 20 bytes, found 5 bytes');
  });

  test('a file with one bit altered is named with both hashes', async () => {
    const pack = fakePack();
    const message = await failureOf(({ files }) => {
      const bytes = files.get('codec-decoder.onnx')!.slice() as Bytes;
      bytes[3]! ^= 1;
      files.set('codec-decoder.onnx', bytes);
    });
    const { sha256 } = entryOf(pack.manifest, 'codec-decoder.onnx');
    expect(message).toContain(`/fake/codec-decoder.onnx: expected sha256 ${sha256}, found sha256 `);
  });

  test('a newer format is refused with both versions, before any file is read', async () => {
    const pack = fakePack();
    withField('formatVersion', 3)(pack);
    await expect(loadWhole(pack.source)).rejects.toThrow(
      'expected formatVersion 2, found 3. Update scenefoley.',
    );
    expect(pack.reads).toEqual(['model.json']);
  });

  test('a model.json that is none says what is there instead', async () => {
    for (const text of ['<!doctype html><title>Not here', '', '[]', '{"formatVersion":']) {
      const message = await failureOf(({ files }) => files.set('model.json', textBytes(text)));
      expect(message).toContain('expected a JSON object, found');
      expect(message).toContain(JSON.stringify(text.slice(0, 9)).slice(0, -1));
    }
  });

  test('a model.json with a wrong field names the field, what was expected and what was found', async () => {
    const wrong: [string, unknown][] = [
      ['formatVersion', 0],
      ['name', ''],
      ['commercialUse', 'no'],
      ['sampleRate', 0],
      ['numCodebooks', 1.5],
      ['codebookSize', 70000],
      ['delays', [0, 2, 4, 6]],
      ['stft', null],
      ['stft/hop', 333],
      ['partials', 'many'],
      ['partials/channels', 0],
      ['partials/channels', 2.5],
      ['sampling/topK', 65],
      ['languageModel', undefined],
      ['loudness/loop', '-23'],
    ];
    for (const [path, value] of wrong) {
      const message = await failureOf(withField(path, value));
      expect(message).toContain('/fake/model.json is damaged: expected ');
      expect(message).toContain(path.replace('/', '.'));
    }
    expect(await failureOf(withField('files/lm-step.onnx', { bytes: -1 }))).toContain(
      "files['lm-step.onnx']",
    );
  });

  test('partials may be null or absent', async () => {
    for (const value of [null, undefined]) {
      const pack = fakePack();
      withField('partials', value)(pack);
      expect((await readManifest(pack.source)).partials).toBe(value);
    }
  });

  test('an engine gets what it needs, and no more', async () => {
    const { manifest } = fakePack();
    const weights = ['engine.safetensors', 'decoder.safetensors'];
    expect(filesFor(manifest, 'kernels')).toEqual(['tokenizer.json', ...weights]);
    const graphs = ['text-encoder.onnx', 'lm-prefill.onnx', 'lm-step.onnx'];
    expect(filesFor(manifest, 'onnxruntime')).toEqual(['tokenizer.json', ...weights, ...graphs]);
    const steps = [...weights, 'lm-steps.onnx'];
    expect(filesFor(manifest, 'webgpu')).toEqual(['tokenizer.json', ...steps]);
    const engines = [engineFor(manifest, 'wasm'), engineFor(manifest, 'webgpu')];
    expect(engines).toEqual(['kernels', 'webgpu']);
    const sum = filesFor(manifest, 'kernels').reduce((n, f) => n + manifest.files[f]!.bytes, 0);
    expect(packSize(manifest, 'kernels')).toBe(sum);
  });

  test('a pack without lm-steps.onnx is whole, and not for WebGPU', async () => {
    const pack = fakePack();
    withField('files/lm-steps.onnx', undefined)(pack);
    expect(engineFor(await readManifest(pack.source), 'webgpu')).toBe('kernels');
  });

  test('a pack of graphs with their own weights is for onnxruntime', async () => {
    const pack = fakePack();
    const { 'engine.safetensors': _, 'decoder.safetensors': __, ...files } = pack.manifest.files;
    pack.files.set('model.json', textBytes(JSON.stringify({ ...pack.manifest, files })));
    const { manifest } = await openModelPack(pack.source);
    expect(hasWeights(manifest)).toBe(false);
    expect(engineFor(manifest, 'wasm')).toBe('onnxruntime');
    expect(filesFor(manifest, 'onnxruntime')).toContain('codec-decoder.onnx');
  });

  test('of the weights one alone is damage', async () => {
    const message = await failureOf(withField('files/decoder.safetensors', undefined));
    expect(message).toContain("files['decoder.safetensors']");
  });

  test('a file that model.json does not list is named', async () => {
    const pack = fakePack();
    const { 'engine.safetensors': _, 'decoder.safetensors': __, ...files } = pack.manifest.files;
    pack.files.set('model.json', textBytes(JSON.stringify({ ...pack.manifest, files })));
    const opened = await openModelPack(pack.source);
    await expect(opened.load(['engine.safetensors'])).rejects.toThrow('engine.safetensors');
  });

  test('files at hand are handed out once, the others and later asks are read', async () => {
    const { source, files, reads } = fakePack();
    const opened = await openModelPack(source);
    const pack = withFiles(opened, await opened.load(['tokenizer.json']));
    reads.length = 0;
    const both = await pack.load(['tokenizer.json', 'lm-step.onnx']);
    expect(both['tokenizer.json']).toEqual(files.get('tokenizer.json'));
    expect(reads).toEqual(['lm-step.onnx']);
    await pack.load(['tokenizer.json']);
    expect(reads).toEqual(['lm-step.onnx', 'tokenizer.json']);
  });

  test('one failed file stops the others', async () => {
    const { source, files } = fakePack();
    files.delete('text-encoder.onnx');
    const signals: AbortSignal[] = [];
    const read: typeof source.read = (file, options) => {
      if (file !== 'model.json') signals.push(options!.signal!);
      return file === 'lm-step.onnx' ? new Promise(() => {}) : source.read(file, options);
    };
    await expect(loadWhole({ ...source, read })).rejects.toThrow(ModelPackError);
    expect(signals.every((signal) => signal.aborted)).toBe(true);
  });

  test('aborted before or during reading: AbortError', async () => {
    const { source } = fakePack();
    await expect(loadWhole(source, { signal: AbortSignal.abort() })).rejects.toThrow(AbortError);
    const control = new AbortController();
    const read: typeof source.read = async (file, options) => {
      if (file === 'lm-step.onnx') {
        control.abort();
        throw new TypeError('stream cut');
      }
      return source.read(file, options);
    };
    const loading = loadWhole({ ...source, read }, { signal: control.signal });
    await expect(loading).rejects.toThrow(AbortError);
  });

  test('progress counts bytes up to the download size', async () => {
    const { source, manifest } = fakePack();
    const seen: Progress[] = [];
    await loadWhole(source, { onProgress: (progress) => seen.push(progress) });
    const total = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(seen.at(-1)).toMatchObject({ stage: 'download', done: total, total });
    expect(seen.map(({ done }) => done)).toEqual(
      seen.map(({ done }) => done).sort((a, b) => a - b),
    );
  });

  test('kept files are not read again; a damaged kept file is', async () => {
    const { source, reads, manifest } = fakePack();
    const kept = new Map<string, Bytes>();
    const cache = {
      get: async (place: string, sha256: string) => kept.get(`${place} ${sha256}`),
      put: async (place: string, sha256: string, bytes: Bytes) => {
        kept.set(`${place} ${sha256}`, bytes);
      },
    };
    await loadWhole(source, { cache });
    expect(kept.size).toBe(PACK_FILES.length);
    reads.length = 0;
    await loadWhole(source, { cache });
    expect(reads).toEqual(['model.json']);

    const { sha256 } = entryOf(manifest, 'lm-step.onnx');
    kept.set(`/fake/lm-step.onnx ${sha256}`, textBytes('x'.repeat(20)));
    reads.length = 0;
    await loadWhole(source, { cache });
    expect(reads).toEqual(['model.json', 'lm-step.onnx']);
  });
});

describe('pack sources', () => {
  test('a folder is read with the injected function, trailing slash or not', async () => {
    const readFile = vi.fn(async (path: string) => textBytes(path));
    for (const folder of ['/models/x', '/models/x/']) {
      const bytes = await folderSource(folder, readFile).read('model.json');
      expect(new TextDecoder().decode(bytes)).toBe('/models/x/model.json');
    }
  });

  test('a URL is fetched beside its folder; an HTTP error is what was found', async () => {
    const fetched: string[] = [];
    vi.stubGlobal('fetch', async (url: string) => {
      fetched.push(url);
      return new Response('gone', { status: 404, statusText: 'Not Found' });
    });
    await expect(readManifest(urlSource('https://example.test/models/x'))).rejects.toThrow(
      'https://example.test/models/x/model.json: expected a JSON file, found HTTP 404 Not Found.',
    );
    expect(fetched).toEqual(['https://example.test/models/x/model.json']);
    vi.unstubAllGlobals();
  });

  test('a body that arrives in pieces is put together, counted and whole', async () => {
    const pieces = [textBytes('abc'), textBytes(''), textBytes('defg')];
    vi.stubGlobal('fetch', async () => new Response(new Blob(pieces).stream()));
    const seen: number[] = [];
    const bytes = await urlSource('https://example.test/x/').read('lm-step.onnx', {
      onBytes: (done) => seen.push(done),
    });
    expect(new TextDecoder().decode(bytes)).toBe('abcdefg');
    expect(seen.at(-1)).toBe(7);
    vi.unstubAllGlobals();
  });
});
