export { type Answer, type Ask, asker } from './ask.ts';
export type { HostileTargets } from './hostile-request.ts';
export { type ServedApp, serveApp } from './serve-app.ts';
export { assertWithstands } from './withstand.ts';
