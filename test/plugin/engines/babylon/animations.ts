/** Animations that go on by 16 ms with each rendered image, whatever the clock says. */
import '@babylonjs/core/Animations/animatable.js';
import { Animation } from '@babylonjs/core/Animations/animation.js';
import { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import type { Scene } from '@babylonjs/core/scene.js';

const RATE = 60;
/** At this speed an image is a tenth of a second. */
export const TENTHS = 100 / 16;

/** Along x. */
export function createAnimation(name = 'move', seconds = 1): Animation {
  const animation = new Animation(name, 'position.x', RATE, Animation.ANIMATIONTYPE_FLOAT);
  animation.setKeys([
    { frame: 0, value: 0 },
    { frame: seconds * RATE, value: 1 },
  ]);
  return animation;
}

export function createGroup(
  scene: Scene,
  name: string,
  target: object,
  seconds = 1,
): AnimationGroup {
  scene.useConstantAnimationDeltaTime = true;
  const group = new AnimationGroup(name, scene);
  group.addTargetedAnimation(createAnimation('move', seconds), target);
  return group;
}
