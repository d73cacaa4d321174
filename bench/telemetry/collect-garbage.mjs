// Collects all garbage twice, soon after the start: `node --import collect-garbage.mjs`. A collection makes V8 forget what it has learned of
// objects of which none lives at that moment, which costs each request a microsecond or two from then on. Every program that runs for
// long gets there; without this, a program of a bench would get there the sooner, the more it allocates. Not again and again: code that has not
// run for some collections is thrown away.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collect = runInNewContext('gc');
for (const afterMs of [1_500, 2_500]) setTimeout(() => collect(), afterMs).unref();
