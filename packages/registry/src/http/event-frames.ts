import type { WatchEvent } from '@flotilla/contracts';
import { type InstanceTexts, joined } from './instance-texts.ts';

/** How soon a client that lost the stream should come back, in milliseconds. */
const retryMs = 1_000;

/** The first bytes of every stream. */
export const firstFrame: string = `retry: ${retryMs}\n\n`;

/**
 * Writes an event in the form of server-sent events (WHATWG HTML, 9.2), in pieces: a snapshot of a full registry is never
 * one string. JSON has no line breaks of its own, so one `data` line holds it.
 */
export function* framePieces(event: WatchEvent, texts: InstanceTexts): Generator<string, void, void> {
  switch (event.type) {
    case 'snapshot': {
      const { instances, ...head } = event;
      yield `${beginOf(event)}${JSON.stringify(head).slice(0, -1)},"instances":[`;
      yield* joined(instances, texts);
      yield ']}\n\n';
      return;
    }
    case 'put':
      yield `${beginOf(event)}{"type":"put","revision":${event.revision},"instance":${texts.textOf(event.instance)}}\n\n`;
      return;
    case 'delete':
    case 'bookmark':
    case 'reset':
      yield `${beginOf(event)}${JSON.stringify(event)}\n\n`;
      return;
    default:
      event satisfies never;
  }
}

function beginOf(event: WatchEvent): string {
  // A reset has no place in the history: no id.
  return beginOfEvent(event.type, event.type === 'reset' ? undefined : event.revision);
}

/** What stands before the data of an event. Without an id the reader keeps the one before. */
export function beginOfEvent(type: string, id: number | undefined): string {
  return `event: ${type}\n${id === undefined ? '' : `id: ${id}\n`}data: `;
}
