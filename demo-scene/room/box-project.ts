/** Texture coordinates in metres: every face of a mesh shows the texture at the same scale, whatever its size. */

import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';

/**
 * Replaces the mesh's UVs by its local positions, projected along the dominant axis of each normal.
 * @param metres width of one texture tile.
 */
export function boxProject(mesh: Mesh, metres: number): void {
  const positions = mesh.getVerticesData(VertexBuffer.PositionKind) ?? [];
  const normals = mesh.getVerticesData(VertexBuffer.NormalKind) ?? [];
  const uvs = new Float32Array((positions.length / 3) * 2);
  const { x: dx, y: dy, z: dz } = mesh.position;
  for (let i = 0; i < positions.length / 3; i++) {
    const [x, y, z] = [
      at(positions, i, 0) + dx,
      at(positions, i, 1) + dy,
      at(positions, i, 2) + dz,
    ];
    const [nx, ny] = [Math.abs(at(normals, i, 0)), Math.abs(at(normals, i, 1))];
    const [u, v] = nx > 0.5 ? [z, y] : ny > 0.5 ? [x, z] : [x, y];
    uvs[i * 2] = u / metres;
    uvs[i * 2 + 1] = v / metres;
  }
  mesh.setVerticesData(VertexBuffer.UVKind, uvs);
}

function at(values: ArrayLike<number>, vertex: number, axis: number): number {
  return values[vertex * 3 + axis] ?? 0;
}
