import { get } from 'node:http';
import { type KeyEvent, keyEventSchema } from '@flotilla/contracts';
import type { Knowledge } from './knowledge.ts';

/** Follows all keys until the server is gone: what is seen has to be there after it, though nobody was answered yet. */
export function watchKeys(url: string, knowledge: Knowledge): Promise<void> {
  return new Promise((resolve) => {
    const request = get(`${url}/kv-watch?prefix=k/`, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        for (const frame of frames) {
          const data = /^data: (.*)$/m.exec(frame)?.[1];
          if (data !== undefined) take(keyEventSchema.parse(JSON.parse(data)), knowledge);
        }
      });
      response.once('close', resolve).on('error', () => {});
    });
    request.on('error', () => resolve());
  });
}

function take(event: KeyEvent, knowledge: Knowledge): void {
  switch (event.type) {
    case 'snapshot':
      for (const { key, value, revision } of event.records) knowledge.seen(thingOf(key), value, revision);
      return;
    case 'put':
      knowledge.seen(thingOf(event.record.key), event.record.value, event.record.revision);
      return;
    case 'delete':
      knowledge.seen(thingOf(event.key), undefined, event.revision);
      return;
    case 'bookmark':
    case 'reset':
      return;
    default:
      event satisfies never;
  }
}

function thingOf(key: string): string {
  return `key ${key.slice('k/'.length)}`;
}
