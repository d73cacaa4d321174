export { type ReadJson, readJson } from './read-json.ts';
export { type JsonProblem, type JsonScan, maxTreeDepth, scanJson } from './scan-json.ts';
