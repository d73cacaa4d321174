export type { LogFilter, RequestFilter } from './filters.ts';
export { Queries } from './queries.ts';
