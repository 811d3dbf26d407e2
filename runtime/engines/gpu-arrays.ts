/**
 * Arrays in a GPU's memory that are ours: onnxruntime reads and writes them where they lie, so nothing is copied between
 * two runs.
 *
 * A buffer has at least 16 bytes: shaders read four values at a time, and WebGPU refuses a binding that is shorter.
 */
export interface GpuArray {
  type: 'float32' | 'int32';
  dims: number[];
  buffer: GPUBuffer;
}

export interface GpuArrays {
  /** Zeros. */
  make(type: GpuArray['type'], dims: number[]): GpuArray;
  /** From the array's beginning on; what is queued after this sees it. */
  write(array: GpuArray, values: Float32Array | Int32Array): void;
  dispose(): void;
}

const SHORTEST = 16;
/** GPUBufferUsage: STORAGE, COPY_SRC, COPY_DST. */
const USAGE = 0x80 | 0x04 | 0x08;

export function createGpuArrays(device: GPUDevice): GpuArrays {
  const buffers: GPUBuffer[] = [];
  return {
    make(type, dims) {
      const bytes = 4 * dims.reduce((product, dim) => product * dim, 1);
      const buffer = device.createBuffer({ size: Math.max(SHORTEST, bytes), usage: USAGE });
      buffers.push(buffer);
      return { type, dims, buffer };
    },
    write({ buffer }, values) {
      device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
    },
    dispose() {
      for (const buffer of buffers.splice(0)) buffer.destroy();
    },
  };
}

/** The beginning of an array's buffer as an array of another shape. */
export function shaped(array: GpuArray, dims: number[]): GpuArray {
  return { ...array, dims };
}
