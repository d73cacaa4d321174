export { freePort } from './cluster/free-port.ts';
export {
  type ClusterOptions,
  type ClusterProgram,
  clusterPrograms,
  type LocalCluster,
  localCluster,
} from './cluster/local-cluster.ts';
export { Program, type ProgramExit, type ProgramOptions, spawnProgram } from './cluster/program.ts';
export { advanceUntil, type Timed } from './conformance/advance-until.ts';
export { type DiscoveryHarness, describeDiscovery } from './conformance/discovery.ts';
export {
  instanceStoreCases,
  instanceStoreConformance,
  type StoreCase,
  type StoreUnderTest,
} from './conformance/instance-store.ts';
export { describeRegistrar, type RegistrarHarness } from './conformance/registrar.ts';
export { FakeClock, fakeClockStartMs } from './fake-clock.ts';
export { type ConnectionEnd, FakeConnection } from './fake-connection.ts';
export {
  eventText,
  type FakeRegistry,
  fakeRegistry,
  type Misbehaviour,
  type SeenRequest,
  type SeenWatch,
  toInstance,
} from './fake-registry.ts';
export { answerEach, type ConnectionScript, type FakeUpstream, fakeUpstream } from './fake-upstream.ts';
export type { RawRequest } from './raw-request.ts';
export { type LoggedLine, type RecordingLogger, recordingLogger } from './recording-logger.ts';
export { waitUntil } from './wait-until.ts';
