export { endpointUrl } from './attempt-order.ts';
export { type Attempt, createServiceCaller, type ServiceCaller, type ServiceCallerOptions } from './service-caller.ts';
