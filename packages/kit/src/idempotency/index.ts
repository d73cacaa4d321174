export type { ServiceCall } from './service-call.ts';
