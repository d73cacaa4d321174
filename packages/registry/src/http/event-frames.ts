import type { WatchEvent } from '@flotilla/contracts';

/** How soon a client that lost the stream should come back, in milliseconds. */
const retryMs = 1_000;

/** The first bytes of every stream. */
export const firstFrame: string = `retry: ${retryMs}\n\n`;

/** Writes events in the form of server-sent events (WHATWG HTML, 9.2), each once however many watch. */
export class EventFrames {
  readonly #frames = new WeakMap<WatchEvent, string>();

  frameOf(event: WatchEvent): string {
    const known = this.#frames.get(event);
    if (known !== undefined) return known;
    // JSON has no line breaks of its own, so one `data` line holds it. A reset has no place in the history: no id.
    const id = event.type === 'reset' ? '' : `id: ${event.revision}\n`;
    const frame = `event: ${event.type}\n${id}data: ${JSON.stringify(event)}\n\n`;
    // Only changes are seen by many; a snapshot belongs to one watcher.
    if (event.type === 'put' || event.type === 'delete') this.#frames.set(event, frame);
    return frame;
  }
}
