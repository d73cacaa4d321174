import type { KeyChange, KeySnapshot } from '../../keys/key-hub.ts';
import type { Bookmark, Reset } from '../../watch/ring-watch.ts';
import { beginOfEvent } from '../event-frames.ts';
import type { KeyTexts } from './key-texts.ts';

/**
 * Writes what a watch of keys tells in the form of server-sent events, in pieces. Keys that were removed together have one place
 * in the history, so only the last of them has an id: who loses the stream before it is told all of them again.
 *
 * @param prefix what is watched: of others that were removed with them nothing is said
 */
export function* keyFrames(
  event: KeyChange | KeySnapshot | Bookmark | Reset,
  prefix: string,
  texts: KeyTexts,
): Generator<string, void, void> {
  switch (event.type) {
    case 'snapshot': {
      const { entries, type, revision, history } = event;
      const head = JSON.stringify({ type, revision, history }).slice(0, -1);
      yield `${beginOfEvent(type, revision)}${head},"records":[`;
      let separator = '';
      for (const entry of entries) {
        yield separator + texts.textOf(entry);
        separator = ',';
      }
      yield ']}\n\n';
      return;
    }
    case 'put': {
      const { type, revision, entry } = event;
      const head = JSON.stringify({ type, revision }).slice(0, -1);
      yield `${beginOfEvent(type, revision)}${head},"record":${texts.textOf(entry)}}\n\n`;
      return;
    }
    case 'delete': {
      const { type, revision } = event;
      const keys = event.keys.filter((key) => key.startsWith(prefix));
      for (const [index, key] of keys.entries()) {
        const isLast = index === keys.length - 1;
        yield `${beginOfEvent(type, isLast ? revision : undefined)}${JSON.stringify({ type, revision, key })}\n\n`;
      }
      return;
    }
    case 'bookmark':
      yield `${beginOfEvent(event.type, event.revision)}${JSON.stringify(event)}\n\n`;
      return;
    case 'reset':
      yield `${beginOfEvent(event.type, undefined)}${JSON.stringify(event)}\n\n`;
      return;
    default:
      event satisfies never;
  }
}
