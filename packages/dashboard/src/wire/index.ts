export type { ActionResult, ProgramAction, ScaleRequest } from './actions.ts';
export type { AlertKind, Alerts, AlertView } from './alerts.ts';
export type { DocumentList } from './documents.ts';
export type { DashboardEvents } from './events.ts';
export type { LogLevel, LogPage, LogRow } from './logs.ts';
export type { MetricCatalog, MetricInfo, MetricResult, MetricSeries, MetricShow } from './metrics.ts';
export type {
  FleetView,
  InstanceState,
  InstanceView,
  Overview,
  ProgramView,
  SourceTrouble,
  TrafficView,
} from './overview.ts';
export type { ConfigCheck, ConfigScopes, ConfigSetting, ConfigValue, ServiceConfig } from './registry.ts';
export type {
  RequestPage,
  RequestRow,
  SpanEventView,
  Trace,
  TraceSpan,
  TryRequest,
  TryResult,
} from './requests.ts';
export type { GatewayRoutes, RouteExplanation, RouteView, UpstreamView } from './routes.ts';
export type { Sentence } from './sentence.ts';
export type { Topology, TopologyEdge, TopologyNode } from './topology.ts';
