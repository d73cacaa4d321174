export { type Change, watchPrograms } from './watch-programs.ts';
