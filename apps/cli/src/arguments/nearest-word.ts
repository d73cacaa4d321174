/** The word of `words` that `typed` was probably meant to be; undefined when none is close. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  let best: string | undefined;
  // More than a third of the letters wrong is not a slip of the finger.
  let bestDistance = Math.floor(typed.length / 3) + 1;
  for (const word of words) {
    const distance = editDistance(typed, word);
    if (distance < bestDistance) [best, bestDistance] = [word, distance];
  }
  return best;
}

/** How many letters have to be put in, left out or replaced to make `b` of `a`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
