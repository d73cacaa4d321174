export { type BalanceConfig, createBalancer } from './balance/balance-config.ts';
export type { Balancer, Candidate, Candidates } from './balance/balancer.ts';
export {
  type AggregateRouteConfig,
  defineGateway,
  type GatewayConfig,
  type ParameterConfig,
  type PartConfig,
  type ProxyRouteConfig,
  type RouteConfig,
  type RouteMethod,
  type ServiceConfig,
} from './config/gateway-config.ts';
export { defaultHealthSettings, type HealthSettings } from './config/health-settings.ts';
export { defaultEngineLimits, type EngineLimits } from './config/limits.ts';
export type { AskPolicyConfig, FieldEditsConfig, FieldsPolicyConfig, PolicyConfig } from './config/policy-config.ts';
export { defaultEngineTimeouts, type EngineTimeouts, type RouteTimeouts } from './config/timeouts.ts';
export type {
  CreateEngine,
  Decision,
  Engine,
  EngineOptions,
  ListeningAddress,
  RequestHandler,
  TlsOptions,
  UpstreamCall,
  UpstreamCaller,
  UpstreamCallResult,
} from './engine/engine.ts';
export type { LocalRequest, LocalResponse } from './engine/local-response.ts';
export type {
  AnsweredRequest,
  BodyTap,
  ClientFacts,
  Decided,
  PolicyAnswer,
  PolicyRequest,
  PolicyStep,
  Verdict,
} from './engine/policy-step.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export type { FieldEdits } from './headers/field-edits.ts';
export { createGatewayGuard, type GatewayGuardOptions } from './local/gateway-guard.ts';
export { type GatewayInside, gatewayPages } from './operators/gateway-pages.ts';
export { routeView } from './operators/route-views.ts';
export type { InstanceView, RouteExplanation, RouteView, UpstreamView } from './operators/views.ts';
export { type CheckedConfig, checkGatewayConfig } from './routes/check-gateway-config.ts';
export { createSocketEngine } from './socket-engine/socket-engine.ts';
export { CertificateError, type KeyPair, readKeyPair } from './socket-engine/tls/tls-certificate.ts';
export { type Dialer, plainDialer, tlsDialer } from './socket-engine/upstream/dialer.ts';
export { http1Streams } from './socket-engine/upstream/http1-pool.ts';
export { http2Streams } from './socket-engine/upstream/http2-pool.ts';
export type { CreateStreamPool } from './socket-engine/upstream/stream-pools.ts';
