import { type JsonProblem, maxTreeDepth, scanJson } from './scan-json.ts';

/** A JSON value, or what is wrong with the bytes. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown; readonly text: string }
  | { readonly ok: false; readonly problem: JsonProblem; readonly at: number };

/**
 * Reads JSON that somebody else wrote. Depth and form are checked before anything is built: a megabyte of brackets
 * would block `JSON.parse` for most of a second, and everything after it that walks the tree, or overflow its stack.
 *
 * @param maxDepth how deep objects and arrays may stand in each other; default {@link maxTreeDepth}
 */
export function readJson(bytes: Uint8Array, maxDepth: number = maxTreeDepth): ReadJson {
  const scan = scanJson(bytes, maxDepth);
  if (scan.kind === 'refused') return { ok: false, problem: scan.problem, at: scan.at };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', scan.start);
  return { ok: true, value: JSON.parse(text), text };
}
