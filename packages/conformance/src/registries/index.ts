export { type ConsulOptions, findConsul, type RunningConsul, startConsul } from './consul.ts';
export { ConsulShelf } from './consul-shelf.ts';
export { type Engine, engineCache, findProgram, isUnavailable } from './engine.ts';
export { type EurekaOptions, findEureka, type RunningEureka, startEureka } from './eureka.ts';
export { EurekaShelf } from './eureka-shelf.ts';
export { type FakeDns, type FakeDnsAnswer, type FakeDnsQuestion, type FakeRecord, fakeDns } from './fake-dns.ts';
export { type Front, frontOf } from './front.ts';
export {
  type Script,
  type ScriptedAnswer,
  type ScriptedHttp,
  type ScriptedRequest,
  scriptedHttp,
} from './scripted-http.ts';
