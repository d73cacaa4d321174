export { AlertWatch } from './alert-watch.ts';
export { gatherFacts } from './gather-facts.ts';
