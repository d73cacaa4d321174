export { freePort } from './cluster/free-port.ts';
export {
  type ClusterOptions,
  type ClusterProgram,
  clusterPrograms,
  type LocalCluster,
  localCluster,
} from './cluster/local-cluster.ts';
export { Program, type ProgramExit, type ProgramOptions, spawnProgram } from './cluster/program.ts';
export { collectGarbage } from './collect-garbage.ts';
export { advanceUntil, type Timed } from './conformance/advance-until.ts';
export { type CreateBalancer, describeBalancer } from './conformance/balancer.ts';
export { type DiscoveryHarness, describeDiscovery } from './conformance/discovery.ts';
export { describeEngine } from './conformance/engine/engine.ts';
export { type WatchedEngine, watchedEngine } from './conformance/engine/watched-engine.ts';
export { type Gate, gate, type Waiting, withPolicies } from './conformance/engine/with-policies.ts';
export { recordStoreCases, recordStoreConformance } from './conformance/record-store.ts';
export type { StoreCase, StoreUnderTest } from './conformance/record-store-steps.ts';
export {
  type AnnouncingRegistrarHarness,
  describeAnnouncingRegistrar,
  describeRegistrar,
  type RegistrarHarness,
} from './conformance/registrar.ts';
export { serveHttp1, serveHttp2 } from './conformance/upstream/protocol-server.ts';
export { describeUpstreamProtocol } from './conformance/upstream/upstream-protocol.ts';
export { type CountedTransport, countedTransport } from './counted-transport.ts';
export { type FakeCandidate, FakeCandidates } from './fake-candidates.ts';
export { FakeClock, fakeClockStartMs } from './fake-clock.ts';
export { type ConnectionEnd, FakeConnection } from './fake-connection.ts';
export { FakeDiscovery, type FakeEndpoint } from './fake-discovery.ts';
export { type FakeHost, fakeHost } from './fake-host.ts';
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
export { RawClient, type RawEnd, type RawResponse } from './raw-client.ts';
export type { RawRequest } from './raw-request.ts';
export { RealRegistry } from './real-registry.ts';
export { type LoggedLine, type RecordingLogger, recordingLogger } from './recording-logger.ts';
export { SharedStorage } from './store/shared-storage.ts';
export { lastingStore, storeWith } from './store/store-with.ts';
export { frameFlag, frameType, type RawFrame, RawHttp2Client } from './tls/raw-http2-client.ts';
export { type SecureEngine, secureEngine } from './tls/secure-engine.ts';
export { type TemporaryCertificate, temporaryCertificate } from './tls/temporary-certificate.ts';
export { waitUntil } from './wait-until.ts';
