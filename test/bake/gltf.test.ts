import { describe, expect, test } from 'vitest';
import type { Gltf } from '../../bake/gltf/glb.ts';
import { MSFT_AUDIO } from '../../bake/gltf/msft-audio.ts';
import { type PlaceOptions, placeSounds } from '../../bake/gltf.ts';
import { parseSoundMap } from '../../plugin/sound-map.ts';
import { MANIFEST, sceneOf } from './gltf/scenes.ts';

const PLAIN: PlaceOptions = {
  ...{ manifest: MANIFEST, definitions: new Map(), msftAudio: null },
  uriOf: (path) => `assets/${path}`,
};
const WITH_AUDIO: PlaceOptions = {
  ...PLAIN,
  msftAudio: { format: 'wav', read: async (path) => new TextEncoder().encode(path) },
};

async function extrasOf(gltf: Gltf, options = PLAIN): Promise<Record<string, unknown>[]> {
  const placed = await placeSounds(gltf, options);
  return placed.gltf.json.nodes!.map(
    ({ extras }) => (extras as { scenefoley?: Record<string, unknown> })?.scenefoley ?? {},
  );
}

interface Audio {
  clips: { bufferView?: number; uri?: string; mimeType: string }[];
  emitters: Record<string, unknown>[];
}
const audioOf = (gltf: Gltf) => gltf.json.extensions?.[MSFT_AUDIO] as Audio;

describe('node extras', () => {
  test('say all that it takes to play the sound', async () => {
    const [fire] = await extrasOf(sceneOf([{ name: 'torch', extras: { scenefoley: 'fire' } }]));
    expect(fire).toEqual({
      ...{
        sound: 'fire',
        prompt: null,
        volume: 1,
        loop: true,
        model: 'foley-tiny',
        licence: 'MIT',
      },
      attenuation: {
        ...{ model: 'inverse', refDistance: 1, maxDistance: 30, rolloff: 1 },
        ...{ panningModel: 'equalpower', cone: null },
      },
      takes: [
        {
          ...{ prompt: 'a fire', seed: 0, duration: 0.5 },
          files: {
            ...{ foley: 'assets/sounds.foley', wav: 'assets/a-fire-0.wav' },
            opus: 'assets/a-fire-0.opus',
          },
        },
      ],
    });
  });

  test('a name says it too, with the number that an exporter adds; extras go before', async () => {
    const nodes = [
      { name: 'sound:fire' },
      { name: 'sound:door.001' },
      { name: 'sound:door', extras: { scenefoley: { sound: 'fire' } } },
      { name: 'fire' },
      {},
    ];
    const extras = await extrasOf(sceneOf(nodes));
    expect(extras.map(({ sound }) => sound)).toEqual([
      'fire',
      'door',
      'fire',
      undefined,
      undefined,
    ]);
  });

  test('a prompt chooses takes', async () => {
    const scenefoley = { sound: 'door', prompt: 'a gate' };
    const [door] = await extrasOf(sceneOf([{ extras: { scenefoley } }]));
    expect((door!.takes as { prompt: string }[]).map(({ prompt }) => prompt)).toEqual(['a gate']);
  });

  test('volume and attenuation: the node over the sound map over the defaults', async () => {
    const map = await parseSoundMap(`
sounds:
  fire: { prompt: a fire, volume: 0.5, attenuation: { refDistance: 3 }, on: { event: x } }
  door: { prompt: a door, on: { event: x } }
  music: { prompt: a hum, attenuation: none, on: { event: x } }
`);
    const scenefoley = { sound: 'fire', volume: 2, attenuation: { maxDistance: 90 } };
    const nodes = [{ name: 'sound:fire' }, { extras: { scenefoley } }, { name: 'sound:music' }];
    const options = { ...PLAIN, definitions: map.sounds };
    const [fire, other, music] = await extrasOf(sceneOf(nodes), options);
    expect(fire).toMatchObject({ volume: 0.5, attenuation: { refDistance: 3, maxDistance: 30 } });
    expect(other).toMatchObject({ volume: 2, attenuation: { refDistance: 3, maxDistance: 90 } });
    expect(music).toMatchObject({ volume: 1, attenuation: null });
  });

  test('all else of the file stays, and the source is not touched', async () => {
    const source = sceneOf([
      { name: 'sound:fire', extras: { mine: 1 }, extensions: { OTHER: {} } },
    ]);
    const before = structuredClone(source);
    const { gltf } = await placeSounds(source, WITH_AUDIO);
    expect(source).toEqual(before);
    expect(gltf.json.nodes![0]).toMatchObject({ extras: { mine: 1 }, extensions: { OTHER: {} } });
  });

  test('placed twice is placed once', async () => {
    const scenefoley = { sound: 'door', volume: 0.3, attenuation: null };
    const once = (
      await placeSounds(sceneOf([{ name: 'sound:fire' }, { extras: { scenefoley } }]), PLAIN)
    ).gltf;
    expect((await placeSounds(once, PLAIN)).gltf).toEqual(once);
  });

  test('what is wrong names the node and what to do', async () => {
    const wrong: [unknown, string][] = [
      ['bell', "gltf: 'n' is to sound like 'bell', which is not baked. Baked: fire, door, music."],
      [{ sound: 'door', prompt: 'a hatch' }, "'door' as 'a hatch', which is not baked"],
      [{ sound: 3 }, "gltf: 'n', extras.scenefoley.sound: "],
      [7, "gltf: 'n', extras.scenefoley: "],
      [{ sound: 'fire', volume: -1 }, 'extras.scenefoley.volume: '],
      [{ sound: 'fire', attenuation: { refDistance: 0 } }, 'refDistance must be above 0, got 0'],
      ['__proto__', "'__proto__', which is not baked"],
    ];
    for (const [scenefoley, message] of wrong) {
      const scene = sceneOf([{ name: 'n', extras: { scenefoley } }]);
      await expect(placeSounds(scene, PLAIN)).rejects.toThrow(message);
    }
  });
});

describe('MSFT_audio_emitter', () => {
  test('an emitter for each node, each file once, in the file itself', async () => {
    const nodes = [{ name: 'sound:door' }, { name: 'sound:door.001' }, { name: 'sound:fire' }];
    const { gltf } = await placeSounds(sceneOf(nodes), WITH_AUDIO);
    const { clips, emitters } = audioOf(gltf);
    expect(gltf.json.extensionsUsed).toEqual([MSFT_AUDIO]);
    expect([clips.length, emitters.length]).toEqual([4, 3]);
    expect(emitters.map(({ name, loop }) => [name, loop])).toEqual([
      ['door@sound:door', false],
      ['door@sound:door.001', false],
      ['fire@sound:fire', true],
    ]);
    const third = 1 / 3;
    expect(emitters[1]!.clips).toEqual([0, 1, 2].map((clip) => ({ clip, weight: third })));
    expect(gltf.json.nodes!.map(({ extensions }) => extensions?.[MSFT_AUDIO])).toEqual(
      [0, 1, 2].map((number) => ({ emitters: [number] })),
    );
    const view = gltf.json.bufferViews![clips[3]!.bufferView!]!;
    const bytes = gltf.binary!.subarray(view.byteOffset, view.byteOffset! + view.byteLength);
    expect(new TextDecoder().decode(bytes)).toBe('a-fire-0.wav');
  });

  test('a .gltf names its clips by address', async () => {
    const scene = { ...sceneOf([{ name: 'sound:fire' }]), binary: null };
    const opus = { format: 'opus', read: WITH_AUDIO.msftAudio!.read } as const;
    const options = {
      ...PLAIN,
      uriOf: (path: string) => `../my%20assets/${path}`,
      msftAudio: opus,
    };
    const { gltf } = await placeSounds(scene, options);
    expect(audioOf(gltf).clips).toEqual([
      { uri: '../my%20assets/a-fire-0.opus', mimeType: 'audio/ogg' },
    ]);
    expect(gltf.json.buffers).toBeUndefined();
  });

  test('what is not in space is the scene’s, without distances', async () => {
    const scenefoley = { sound: 'music', attenuation: null };
    const { gltf } = await placeSounds(sceneOf([{ extras: { scenefoley } }]), WITH_AUDIO);
    expect(gltf.json.scenes![0]!.extensions).toEqual({ [MSFT_AUDIO]: { emitters: [0] } });
    expect(Object.keys(audioOf(gltf).emitters[0]!)).toEqual(['name', 'loop', 'volume', 'clips']);
  });

  test('emitters that were there stay; a node that has one is refused', async () => {
    const source = sceneOf([{ name: 'sound:fire' }]);
    source.json.extensions = {
      [MSFT_AUDIO]: { clips: [{ uri: 'x' }], emitters: [{ name: 'old' }] },
    };
    const { gltf } = await placeSounds(source, WITH_AUDIO);
    expect(audioOf(gltf).emitters.map(({ name }) => name)).toEqual(['old', 'fire@sound:fire']);
    expect(audioOf(gltf).emitters[1]!.clips).toEqual([{ clip: 1, weight: 1 }]);
    await expect(placeSounds(gltf, WITH_AUDIO)).rejects.toThrow('has MSFT_audio_emitter already');
  });

  test('a format that was not baked is named', async () => {
    const options = {
      ...WITH_AUDIO,
      msftAudio: { ...WITH_AUDIO.msftAudio!, format: 'flac' } as const,
    };
    await expect(placeSounds(sceneOf([{ name: 'sound:fire' }]), options)).rejects.toThrow(
      "gltf: 'fire' has no file in flac. Bake with --format flac",
    );
  });
});
