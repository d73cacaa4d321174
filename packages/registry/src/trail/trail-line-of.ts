import type { KeptLine, TrailLine } from '../store/trail-line.ts';
import type { Happening, TrailNote } from './trail-note.ts';

/** A note as stores keep it. What happened stands first, so that it can be told without reading the rest. */
export function lineOf(note: TrailNote, atMs: number): TrailLine {
  const text = JSON.stringify(note);
  return 'service' in note ? { atMs, service: note.service, text } : { atMs, text };
}

/** Whether a line says that. */
export function says(line: TrailLine, what: Happening['what']): boolean {
  return line.text.startsWith(`{"what":"${what}"`);
}

/** What a line says; undefined if a newer or damaged registry has written something else. */
export function noteOf(line: TrailLine | KeptLine): TrailNote | undefined {
  try {
    const note: unknown = JSON.parse(line.text);
    // Only we write lines, and always such.
    return typeof note === 'object' && note !== null && 'what' in note && 'by' in note
      ? (note as TrailNote)
      : undefined;
  } catch {
    return undefined;
  }
}
