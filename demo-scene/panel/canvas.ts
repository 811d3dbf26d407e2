/** A canvas drawn in CSS pixels, sharp on every screen, with the axes' margins that both pictures share. */

/** CSS pixels left of the plot, for the labels of the vertical axis, and below it, for those of time. */
export const MARGIN = { left: 48, bottom: 20 } as const;

export interface Plot {
  context: CanvasRenderingContext2D;
  /** Size of the canvas in CSS pixels. */
  width: number;
  height: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

/** Clears the canvas and sizes it; null while it is not laid out. */
export function startPlot(canvas: HTMLCanvasElement): Plot | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (width <= MARGIN.left || height <= MARGIN.bottom || !context) return null;
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = '10.5px system-ui, sans-serif';
  context.fillStyle = '#9a9fad';
  return { context, width, height, ratio };
}
