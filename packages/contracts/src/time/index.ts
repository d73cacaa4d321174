export { bounded, type StepResult } from './bounded.ts';
export { type Deadline, DeadlineExceeded, type DeadlineOptions, startDeadline } from './deadline.ts';
export { pause } from './pause.ts';
