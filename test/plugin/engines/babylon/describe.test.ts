/** The words for a node. */
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { expect, test } from 'vitest';
import { createWorld } from './world.ts';

test('the material comes from metadata, extras, the material, or a tag, in this order', async () => {
  const { scene, adapter } = await createWorld();
  const mesh = CreateBox('box', {}, scene);
  const materialNow = () => adapter.describe(mesh).material;
  expect(materialNow()).toBe('');
  Tags.AddTagsTo(mesh, 'plastic heavy');
  expect([materialNow(), adapter.describe(mesh).tags]).toEqual(['plastic', ['plastic', 'heavy']]);
  mesh.material = new StandardMaterial('painted metal', scene);
  expect(materialNow()).toBe('painted metal');
  mesh.material.metadata = { gltf: { extras: { material: 'metal' } } };
  expect(materialNow()).toBe('metal');
  mesh.metadata = { gltf: { extras: { material: 'wood' } } };
  expect(materialNow()).toBe('wood');
  mesh.metadata.material = 'cardboard';
  expect(materialNow()).toBe('cardboard');
  mesh.metadata.material = { not: 'a word' };
  expect(materialNow()).toBe('metal');
});

test('data is the metadata over the glTF extras', async () => {
  const { scene, adapter } = await createWorld();
  const mesh = CreateBox('box', {}, scene);
  expect(adapter.describe(mesh).data).toEqual({});
  mesh.metadata = { gltf: { extras: { weight: 2, color: 'red' } }, color: 'blue' };
  expect(adapter.describe(mesh).data).toEqual({ weight: 2, color: 'blue' });
  mesh.metadata = 'no notes';
  expect(adapter.describe(mesh).data).toEqual({});
});
