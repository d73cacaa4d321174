export { type Answer, type Ask, asker } from './ask.ts';
export { type ServedApp, serveApp } from './serve-app.ts';
