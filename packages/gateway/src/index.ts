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
export { defaultEngineTimeouts, type EngineTimeouts, type RouteTimeouts } from './config/timeouts.ts';
export type {
  CallResult,
  CreateEngine,
  Decision,
  Engine,
  EngineOptions,
  ListeningAddress,
  LocalRequest,
  LocalResponse,
  RequestHandler,
  TlsOptions,
  UpstreamCall,
  UpstreamCaller,
} from './engine/engine.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { createGatewayGuard, type GatewayGuardOptions } from './local/gateway-guard.ts';
export { type CheckedConfig, checkGatewayConfig } from './routes/check-gateway-config.ts';
export { createSocketEngine } from './socket-engine/socket-engine.ts';
export { CertificateError, type KeyPair, readKeyPair } from './socket-engine/tls/tls-certificate.ts';
