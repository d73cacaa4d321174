export {
  type HostileAnswer,
  type HostileRequest,
  type HostileSender,
  type HostileTargets,
  hostileRequests,
  hostileSender,
} from './hostile-request.ts';
export { type ServedApp, serveApp } from './serve-app.ts';
