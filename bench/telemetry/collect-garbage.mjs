// Collects all garbage every few seconds: `node --import collect-garbage.mjs`. A collection makes V8 forget what it has learned of
// objects of which none lives at that moment, which costs each request a microsecond or two from then on. Every program that runs for
// long gets there; without this, a program of a bench would get there the sooner, the more it allocates.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collect = runInNewContext('gc');
setInterval(() => collect(), 3_000).unref();
