export { prefersPlainText } from './prefers-plain-text.ts';
export { type ProblemAnswer, problemAnswer } from './problem-answer.ts';
