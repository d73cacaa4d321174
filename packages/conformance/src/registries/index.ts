export { type ConsulOptions, findConsul, type RunningConsul, startConsul } from './consul.ts';
export { ConsulShelf } from './consul-shelf.ts';
export { type Engine, findProgram } from './engine.ts';
export { type EurekaOptions, findEureka, type RunningEureka, startEureka } from './eureka.ts';
export { type Front, frontOf } from './front.ts';
