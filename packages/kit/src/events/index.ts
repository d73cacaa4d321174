export type { ApplyEvent } from './apply-events.ts';
export {
  createEventConsumer,
  type EventConsumer,
  type EventConsumerOptions,
  type RecordCopy,
} from './event-consumer.ts';
export {
  createEventFeed,
  type EventFeed,
  type EventFeedOptions,
  type FeedPage,
  type FeedRequest,
} from './event-feed.ts';
export { type LoggedEvent, type ReceivedEvent, receivedEventSchema } from './event-json.ts';
export {
  defineEvents,
  type EventKinds,
  type EventOf,
  type EventOfType,
  type EventSchemas,
  type NewEvent,
} from './event-kinds.ts';
export {
  type EventRelay,
  type EventRelayOptions,
  type EventSink,
  type RelayedEvent,
  relayEvents,
} from './event-relay.ts';
export { type EventConfig, type EventSettings, eventSettings } from './event-settings.ts';
export { type EventSource, type EventsAnswer, type EventsRequest, eventsPath, type FeedEnds } from './event-source.ts';
export { consumerTable, eventBaggage, eventTables } from './event-tables.ts';
export { type FeedContext, feedOfService } from './feed-of-service.ts';
export { addEventFeed } from './feed-route.ts';
export { feedSource } from './feed-source.ts';
export { createHttpEventSource, type HttpEventSource, type HttpEventSourceOptions } from './http-source.ts';
export { createRedisEventSource, type RedisEventSourceOptions } from './redis-source.ts';
export { type RelayContext, relayOfService } from './relay-of-service.ts';
