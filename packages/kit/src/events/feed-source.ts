import type { EventFeed } from './event-feed.ts';
import { eventJson, receivedEventSchema } from './event-json.ts';
import type { EventSchemas } from './event-kinds.ts';
import type { EventSource } from './event-source.ts';

/** The events of a feed of the same program, as consumers get them: for a program that follows its own, and for tests. */
export function feedSource<Schemas extends EventSchemas>(feed: EventFeed<Schemas>): EventSource {
  return {
    ends: () => feed.read({}),
    async read(request) {
      const page = await feed.read(request);
      if (page.kind === 'gone') return { kind: 'gone' };
      const read = page.events.map((event) => receivedEventSchema.parse(JSON.parse(eventJson(feed.source, event))));
      return { ...page, events: read };
    },
  };
}
