/** A request target taken apart, its path in the one form that everybody reads the same. */
export interface NormalTarget {
  readonly kind: 'normal';
  /** The path's bytes as received. */
  readonly rawPath: string;
  /** The path with percent-encodings decoded; the same string as `rawPath` when there were none. Routes match on this. */
  readonly path: string;
  /** `?` and what follows, as received; empty if there is no query. */
  readonly query: string;
}

/** Why a target is refused. */
export type TargetProblem =
  | 'not-a-path'
  | 'control-character'
  | 'not-ascii'
  | 'fragment'
  | 'backslash'
  | 'empty-segment'
  | 'dot-segment'
  | 'encoded-separator'
  | 'encoded-control-character'
  | 'double-encoding'
  | 'bad-percent-encoding'
  | 'not-utf-8';

export interface RefusedTarget {
  readonly kind: 'refused';
  readonly problem: TargetProblem;
}

const slash = 0x2f;
const percent = 0x25;
const backslash = 0x5c;
const questionMark = 0x3f;
const hash = 0x23;
const dot = 0x2e;

/**
 * Takes an origin-form target apart. Whatever two servers could read as different paths is refused: dot segments (also
 * encoded, also with path parameters: `..;`), empty segments, backslashes, encoded separators, control characters,
 * encodings of encodings, percent signs that encode nothing and bytes that are not UTF-8. The query is not interpreted;
 * only control characters, bytes beyond ASCII and `#` are refused in it.
 */
export function normalTarget(target: string): NormalTarget | RefusedTarget {
  if (target.charCodeAt(0) !== slash) return refused('not-a-path');
  let pathEnd = target.length;
  let encoded = false;
  let dots = false;
  for (let at = 0; at < target.length; at++) {
    const code = target.charCodeAt(at);
    if (code <= 0x20 || code === 0x7f) return refused('control-character');
    if (code > 0x7f) return refused('not-ascii');
    if (code === hash) return refused('fragment');
    if (pathEnd < target.length) continue;
    if (code === questionMark) pathEnd = at;
    else if (code === percent) encoded = true;
    else if (code === backslash) return refused('backslash');
    else if (at > 0 && target.charCodeAt(at - 1) === slash) {
      if (code === slash) return refused('empty-segment');
      if (code === dot) dots = true;
    }
  }
  const query = pathEnd === target.length ? '' : target.slice(pathEnd);
  const rawPath = query === '' ? target : target.slice(0, pathEnd);
  let path = rawPath;
  if (encoded) {
    const problem = encodingProblem(rawPath);
    if (problem !== undefined) return refused(problem);
    try {
      path = decodeURIComponent(rawPath);
    } catch {
      // Everything else that decodeURIComponent rejects has been ruled out.
      return refused('not-utf-8');
    }
    // Decoded once more it would be another path again. The digits may have been encoded themselves (`%25%41`…).
    if (holdsEncoding(path)) return refused('double-encoding');
  }
  if ((encoded || dots) && hasDotSegment(path)) return refused('dot-segment');
  return { kind: 'normal', rawPath, path, query };
}

function refused(problem: TargetProblem): RefusedTarget {
  return { kind: 'refused', problem };
}

/** Whether a percent-encoding is broken, or encodes what would change the path's structure when decoded. */
function encodingProblem(rawPath: string): TargetProblem | undefined {
  for (let at = rawPath.indexOf('%'); at >= 0; at = rawPath.indexOf('%', at + 3)) {
    const byte = encodedByte(rawPath, at);
    if (byte < 0) return 'bad-percent-encoding';
    if (byte === slash || byte === backslash) return 'encoded-separator';
    if (byte < 0x20 || byte === 0x7f) return 'encoded-control-character';
  }
  return undefined;
}

function holdsEncoding(path: string): boolean {
  for (let at = path.indexOf('%'); at >= 0; at = path.indexOf('%', at + 1)) {
    if (encodedByte(path, at) >= 0) return true;
  }
  return false;
}

/** The byte that the encoding at `at` stands for; -1 if it is none. */
function encodedByte(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at + 1));
  const low = hexDigit(text.charCodeAt(at + 2));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/** The value of a hexadecimal digit; -1 for anything else, also NaN. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Whether a segment is `.` or `..`, also with path parameters (`..;x`), which some servers cut off before resolving. */
function hasDotSegment(path: string): boolean {
  for (const segment of path.split('/')) {
    const semicolon = segment.indexOf(';');
    const name = semicolon < 0 ? segment : segment.slice(0, semicolon);
    if (name === '.' || name === '..') return true;
  }
  return false;
}
