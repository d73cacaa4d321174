/** Colours for the processes' names: readable on dark and on light ground, so no white, black or pale yellow. */
const palette = [36, 35, 32, 34, 33, 96, 95, 92, 94];

/** The escape code for the nth process. */
export function nthColour(index: number): number {
  return palette[index % palette.length] ?? 36;
}
