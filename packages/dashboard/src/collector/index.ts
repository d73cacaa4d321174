export { Collector } from './collector.ts';
export { otlpRoutes } from './otlp-routes.ts';
export { otlpGrpcServer, otlpServices } from './otlp-services.ts';
