/** The adapters on Chromium's own Web Audio, through the same suite as in Node: its panners, cones and buses. */
import { testAdapter } from '../plugin/adapter-suite.ts';
import { threeWorld, webAudioWorld } from '../plugin/adapter-worlds.ts';

testAdapter('webaudio', webAudioWorld);
testAdapter('three', threeWorld);
