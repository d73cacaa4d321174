export { endpointUrl } from './attempt-order.ts';
export { callMetrics, type MeasuredCall } from './call-metrics.ts';
export { type Attempt, createServiceCaller, type ServiceCaller, type ServiceCallerOptions } from './service-caller.ts';
