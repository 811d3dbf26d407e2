/** Two ways to see: through the eyes of whoever walks, or from outside into the hall. */
import type { Stage } from '../room/stage.ts';

export interface View {
  readonly isWalking: boolean;
  setWalking(walking: boolean): void;
  onChange?: () => void;
}

export function createView({ scene, eyes, overview, engine }: Stage): View {
  const view: View = {
    get isWalking() {
      return scene.activeCamera === eyes;
    },
    setWalking(walking) {
      if (walking === view.isWalking) return;
      scene.activeCamera = walking ? eyes : overview;
      if (walking) overview.detachControl();
      else overview.attachControl(true);
      engine.getRenderingCanvas()?.focus({ preventScroll: true });
      view.onChange?.();
    },
  };
  return view;
}
