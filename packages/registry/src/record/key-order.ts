/** Where the code units of surrogate pairs begin. What is above them in UTF-16 is below the pairs in UTF-8. */
const surrogates = 0xd800;
const aboveSurrogates = 0xe000;

/**
 * Compares keys by their bytes in UTF-8, as stores order them. JavaScript's own order differs where one key has a character
 * beyond U+FFFF and the other one from U+E000 up.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right)
      return left < surrogates || right < surrogates ? left - right : byteOrder(left) - byteOrder(right);
  }
  return a.length - b.length;
}

function byteOrder(unit: number): number {
  return unit < aboveSurrogates ? unit + 0x1_0000 : unit;
}

/** The first key, in that order, after all that begin with `prefix`; undefined if there is none. */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10_ffff) continue;
    const next = last === surrogates - 1 ? aboveSurrogates : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

/** Whether a key is from `from` on, and before `to` if there is one. */
export function isInRange(key: string, from: string, to: string | undefined): boolean {
  return compareKeys(key, from) >= 0 && (to === undefined || compareKeys(key, to) < 0);
}
