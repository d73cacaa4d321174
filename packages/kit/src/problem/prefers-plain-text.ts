import { readQuality } from '@flotilla/contracts/quality';

/** Whether an `Accept` header prefers plain text to JSON. Browsers and curl accept both, so they get JSON. */
export function prefersPlainText(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.slice(0, 1000).toLowerCase().split(',').map(readRange);
  const json = Math.max(weightOf('application/problem+json', ranges), weightOf('application/json', ranges));
  return weightOf('text/plain', ranges) > json;
}

interface MediaRange {
  readonly type: string;
  readonly weight: number;
}

function readRange(part: string): MediaRange {
  const [type = '', ...parameters] = part.split(';');
  return { type: type.trim(), weight: readQuality(parameters) };
}

/** The weight of the most specific range that matches `type` (RFC 9110, 12.5.1). */
function weightOf(type: string, ranges: readonly MediaRange[]): number {
  const family = `${type.split('/', 1)[0]}/*`;
  for (const name of [type, family, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === name);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
