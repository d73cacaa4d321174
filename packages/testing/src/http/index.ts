export { type Answer, type Ask, asker } from './ask.ts';
export { type ServeAppOptions, type ServedApp, serveApp } from './serve-app.ts';
