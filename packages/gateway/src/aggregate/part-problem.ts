import { type ReceivedProblem, readProblem } from '@flotilla/contracts';
import { readJson } from '@flotilla/kit/json';

/** A problem is a few sentences. What is larger, or nested deeper, is none and is not worth the memory. */
const maxProblemBytes = 65_536;
const maxProblemDepth = 16;

/** The problem in a body (RFC 9457, ours or anybody's); undefined if it is something else. */
export function readPartProblem(body: Buffer): ReceivedProblem | undefined {
  if (body.length > maxProblemBytes) return undefined;
  const read = readJson(body, maxProblemDepth);
  return read.ok ? readProblem(read.value) : undefined;
}
