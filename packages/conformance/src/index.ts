export {
  type ClusterOptions,
  type ClusterProgram,
  clusterPrograms,
  type LocalCluster,
  localCluster,
} from './cluster/local-cluster.ts';
export { collectGarbage } from './collect-garbage.ts';
export { type CountedTransport, countedTransport } from './counted-transport.ts';
export { type FakeCandidate, FakeCandidates } from './fake-candidates.ts';
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
export { fleetOf, fourPrograms } from './four-programs.ts';
export { RawClient, type RawEnd, type RawResponse } from './raw-client.ts';
export type { RawRequest } from './raw-request.ts';
export { answerEach, type ConnectionScript, type RawUpstream, rawUpstream } from './raw-upstream.ts';
export { RealRegistry } from './real-registry.ts';
export { type RecordingTracer, recordingTracer } from './recording-tracer.ts';
export { type ServedDashboard, servedDashboard } from './served-dashboard.ts';
export { type ServedRegistry, servedRegistry } from './served-registry.ts';
export { SharedStorage } from './store/shared-storage.ts';
export { lastingStore, storeWith } from './store/store-with.ts';
export { advanceUntil, type Timed } from './suites/advance-until.ts';
export { type CreateBalancer, describeBalancer } from './suites/balancer.ts';
export { type CentralConfigHarness, describeCentralConfig } from './suites/central-config.ts';
export { type DiscoveryHarness, describeDiscovery } from './suites/discovery.ts';
export { describeEngine } from './suites/engine/engine.ts';
export { type WatchedEngine, watchedEngine } from './suites/engine/watched-engine.ts';
export { type Gate, gate, type Waiting, withPolicies } from './suites/engine/with-policies.ts';
export { recordStoreCases, recordStoreConformance } from './suites/record-store.ts';
export type { StoreCase, StoreUnderTest } from './suites/record-store-steps.ts';
export {
  type AnnouncingRegistrarHarness,
  describeAnnouncingRegistrar,
  describeRegistrar,
  type FoundInstance,
  type RegistrarHarness,
} from './suites/registrar.ts';
export { serveHttp1, serveHttp2 } from './suites/upstream/protocol-server.ts';
export { describeUpstreamProtocol } from './suites/upstream/upstream-protocol.ts';
export { frameFlag, frameType, type RawFrame, RawHttp2Client } from './tls/raw-http2-client.ts';
export { type SecureEngine, secureEngine } from './tls/secure-engine.ts';
export { type TemporaryCertificate, temporaryCertificate } from './tls/temporary-certificate.ts';
