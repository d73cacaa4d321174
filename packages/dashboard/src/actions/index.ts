export { tryRequest } from './try-request.ts';
