export {
  BoundedOutput,
  type Importance,
  neverWaitForTerminal,
  type OutputLimits,
  type OutputStream,
} from './bounded-output.ts';
export { exitWhenWritten, whenWritten } from './when-written.ts';
