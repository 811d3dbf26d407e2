/** What an emitter's marker looks like: a colour and a shape for each state, so that colour is never all that tells. */

/**
 * playing     it is heard now
 * ready       its take is there
 * queued      its take waits to be made
 * generating  its take is being made
 * fallback    something else was heard in its place
 * silent      it should be heard, and is not
 */
export type MarkState = 'playing' | 'ready' | 'queued' | 'generating' | 'fallback' | 'silent';

type Draw = (context: CanvasRenderingContext2D, x: number, y: number, r: number) => void;

/** Colours of Okabe and Ito's palette for all kinds of colour vision. */
export const MARKS: Readonly<Record<MarkState, { colour: string; words: string; draw: Draw }>> = {
  playing: { colour: '#f0e442', words: 'heard now', draw: drawTarget },
  ready: { colour: '#56b4e9', words: 'ready', draw: drawDisc },
  queued: { colour: '#cc79a7', words: 'waits', draw: drawTriangle },
  generating: { colour: '#e69f00', words: 'is being made', draw: drawDiamond },
  fallback: { colour: '#ff7a50', words: 'another was heard', draw: drawSquare },
  silent: { colour: '#b8bcc8', words: 'cannot be heard', draw: drawCross },
};

export const MARK_STATES = Object.keys(MARKS) as MarkState[];

/** Draws it with a dark rim, readable on snow and in the dark. */
export function drawMark(
  context: CanvasRenderingContext2D,
  state: MarkState,
  x: number,
  y: number,
  radius: number,
): void {
  const { colour, draw } = MARKS[state];
  context.lineJoin = 'round';
  context.strokeStyle = '#000b';
  context.lineWidth = 4;
  context.fillStyle = colour;
  context.beginPath();
  draw(context, x, y, radius);
  context.stroke();
  context.fill('evenodd');
}

function drawDisc(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.arc(x, y, r * 0.8, 0, 2 * Math.PI);
}

function drawTarget(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.arc(x, y, r * 1.15, 0, 2 * Math.PI);
  context.moveTo(x + r * 0.75, y);
  context.arc(x, y, r * 0.75, 0, 2 * Math.PI);
  context.moveTo(x + r * 0.35, y);
  context.arc(x, y, r * 0.35, 0, 2 * Math.PI);
}

function drawTriangle(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x, y - r);
  context.lineTo(x + r * 0.95, y + r * 0.75);
  context.lineTo(x - r * 0.95, y + r * 0.75);
  context.closePath();
}

function drawDiamond(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x, y - r * 1.1);
  context.lineTo(x + r * 1.1, y);
  context.lineTo(x, y + r * 1.1);
  context.lineTo(x - r * 1.1, y);
  context.closePath();
}

function drawSquare(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.rect(x - 0.8 * r, y - 0.8 * r, 1.6 * r, 1.6 * r);
}

function drawCross(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  const [long, short] = [r, r * 0.36];
  for (const [i, [a, b]] of [
    [-short, -long],
    [short, -long],
    [short, -short],
    [long, -short],
    [long, short],
    [short, short],
    [short, long],
    [-short, long],
    [-short, short],
    [-long, short],
    [-long, -short],
    [-short, -short],
  ].entries()) {
    // Turned by an eighth, so that it is an ✕ and no plus.
    const [px, py] = [
      x + ((a ?? 0) - (b ?? 0)) * Math.SQRT1_2,
      y + ((a ?? 0) + (b ?? 0)) * Math.SQRT1_2,
    ];
    if (i === 0) context.moveTo(px, py);
    else context.lineTo(px, py);
  }
  context.closePath();
}
