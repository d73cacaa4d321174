import { defineEvents, type EventKinds, type EventOf } from '@flotilla/kit/events/kinds';
import type { z } from 'zod';
import { type User, userSchema } from './user.ts';
import { userServiceName } from './user-paths.ts';

/** The data of user-service's events: the user as it is afterwards, or as it was when it was deleted. */
export type UserEventSchemas = {
  readonly 'user.created': z.ZodType<User>;
  readonly 'user.changed': z.ZodType<User>;
  readonly 'user.deleted': z.ZodType<User>;
};

/** What user-service tells at `/events`. */
export const userEvents: EventKinds<UserEventSchemas> = defineEvents(userServiceName, {
  'user.created': userSchema,
  'user.changed': userSchema,
  'user.deleted': userSchema,
});

/** An event of user-service. */
export type UserEvent = EventOf<UserEventSchemas>;
