export type { Taken } from './answers.ts';
export { Collector } from './collector.ts';
export { otlpRoutes } from './otlp-routes.ts';
export { otlpGrpcServer, otlpServices } from './otlp-services.ts';
export type { Encoding, SentSignal } from './read-sent.ts';
