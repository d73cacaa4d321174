import type { OutputStream } from '@flotilla/kit/output';

/** Where nobody says how wide it is: the width of a page, which every window has. */
const usualWidth = 80;
/** Longer lines are hard to read. */
const widest = 100;

/** How wide a text for people may be that is written to `stream`. */
export function widthOf(stream: OutputStream): number {
  return Math.min(widest, (stream.isTTY === true ? stream.columns : undefined) || usualWidth);
}
