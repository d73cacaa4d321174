export { programViews } from './program-views.ts';
export { RegistryHttp } from './registry-http.ts';
export { type RegistryState, RegistryWatch } from './registry-watch.ts';
export { Supervisor, SupervisorAway } from './supervisor.ts';
export { Troubles } from './troubles.ts';
