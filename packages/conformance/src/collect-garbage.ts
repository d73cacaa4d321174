import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Frees what nobody holds any more, so that what a test then measures is held by somebody. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  // A new context sees the flag; what it gives is V8's own function.
  const collect = runInNewContext('gc') as () => void;
  collect();
}
