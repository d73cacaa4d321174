export { Gateway, GatewayAway, QuestionRefused } from './gateway.ts';
export { programViews } from './program-views.ts';
export { type RegistryAnswer, RegistryAway, type RegistryCall, RegistryHttp } from './registry-http.ts';
export { type RegistryState, RegistryWatch } from './registry-watch.ts';
export { OwnStopRefused, Supervisor, SupervisorAway } from './supervisor.ts';
export { Troubles } from './troubles.ts';
export { unsampled } from './unsampled.ts';
