/** What `on:` says as it is written: which events make a sound, and which things they happen to. Types only; see input.ts. */
import type { Seconds } from '../../runtime/contract.ts';

/** Which events make a sound: exactly one of collision, contact, trigger, collide, action, animationEvent, animationGroup, node, particles, event. */
export type BindingInput =
  | CollisionBinding
  | ContactBinding
  | TriggerBinding
  | CollideBinding
  | ActionBinding
  | AnimationEventBinding
  | AnimationGroupBinding
  | NodeBinding
  | ParticlesBinding
  | CustomBinding;

interface BindingSelectors {
  /** The one that moves or acts; a word or a list is a name. */
  a?: SelectorInput | undefined;
  /** The other one. */
  b?: SelectorInput | undefined;
}

/** Two bodies hit each other. */
export interface CollisionBinding extends BindingSelectors {
  /** Always true. */
  collision: true;
}

/** Two bodies slide or roll on each other. */
export interface ContactBinding extends BindingSelectors {
  /** Which of the two. */
  contact: 'scrape' | 'roll' | 'any';
  /** Which part of it. Default: lasts for loops, else begins. */
  when?: LastingWord | undefined;
}

/** a and the trigger volume b. */
export interface TriggerBinding extends BindingSelectors {
  /** It comes in, goes out, or as long as it is inside. */
  trigger: 'enter' | 'exit' | 'inside';
}

/** a moved against b without physics. */
export interface CollideBinding extends BindingSelectors {
  /** Always true. */
  collide: true;
}

/** Somebody acted on a. */
export interface ActionBinding extends BindingSelectors {
  /** What was done, see Babylon's ActionManager. */
  action: ActionWord;
}

/** A mark of an animation was passed. */
export interface AnimationEventBinding extends BindingSelectors {
  /** Its name; `*` for any letters. */
  animationEvent: string;
}

/** An animation plays. */
export interface AnimationGroupBinding extends BindingSelectors {
  /** Its name; `*` for any letters. */
  animationGroup: string;
  /** Which part of it. Default: playing for loops, else plays. */
  when?: 'plays' | 'loops' | 'ends' | 'playing' | undefined;
  /** Instead of `when`: at these times after its beginning, in seconds; one or a list. */
  at?: Seconds | Seconds[] | undefined;
}

/** a is in the scene and enabled. */
export interface NodeBinding extends BindingSelectors {
  /** It comes, it goes, or as long as it is there. */
  node: 'appears' | 'vanishes' | 'present';
}

/** a emits particles. */
export interface ParticlesBinding extends BindingSelectors {
  /** It begins, it ends, or as long as it does. */
  particles: 'starts' | 'stops' | 'emits';
  /** Of the particle system; `*` for any letters. Default: any. */
  name?: string | undefined;
}

/** The game says so: `foley.trigger(name)` or `foley.begin(name)`. */
export interface CustomBinding extends BindingSelectors {
  /** Its name; `*` for any letters. */
  event: string;
  /** Which part of it. Default: lasts for loops, else begins. */
  when?: LastingWord | undefined;
}

export type LastingWord = 'begins' | 'changes' | 'ends' | 'lasts';

export type ActionWord =
  | 'pick'
  | 'pickDown'
  | 'pickUp'
  | 'doublePick'
  | 'longPress'
  | 'pointerOver'
  | 'pointerOut'
  | 'intersectionEnter'
  | 'intersectionExit'
  | 'keyDown'
  | 'keyUp';

/** Things of the scene: a word or a list of words are names, `*` stands for any letters. */
export type SelectorInput = string | string[] | SelectorFields;

/** All that are given must fit; of a list, one. */
export interface SelectorFields {
  /** Of the node; `*` for any letters. */
  name?: string | string[] | undefined;
  /** One of its tags. */
  tag?: string | string[] | undefined;
  /** Of its material. */
  material?: string | string[] | undefined;
  /** Values in its metadata or glTF extras; true: any value but false. */
  data?: Record<string, string | number | boolean> | undefined;
}
