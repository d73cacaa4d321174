export { type JsonProblem, type JsonScan, maxTreeDepth, scanJson } from './scan-json.ts';
