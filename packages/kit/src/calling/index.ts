export { instanceUrl } from './instances.ts';
export { type Attempt, createServiceCaller, type ServiceCaller, type ServiceCallerOptions } from './service-caller.ts';
