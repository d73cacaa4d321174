import { cacheOfService } from '@flotilla/kit/cache';
import { eventSettings, feedOfService, relayOfService } from '@flotilla/kit/events';
import { grpcServer } from '@flotilla/kit/grpc';
import { idempotencySettings, keysOfService } from '@flotilla/kit/idempotency';
import { redisOfService } from '@flotilla/kit/redis';
import { runService } from '@flotilla/kit/service';
import { centralConfigFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import {
  userErrors,
  userEvents,
  userFieldErrors,
  userGrpcPort,
  userServiceName,
  userServicePort,
} from '@flotilla/user-contract';
import { userMethods } from './grpc/user-methods.ts';
import { addUserRoutes } from './routes/user-routes.ts';
import { userDatabase } from './store/users.ts';
import { userService } from './users.ts';

await runService(
  {
    name: userServiceName,
    defaultPort: userServicePort,
    errors: [userErrors, userFieldErrors],
    database: userDatabase,
    settings: { ...eventSettings, ...idempotencySettings },
    servers: { grpc: { defaultPort: userGrpcPort, describe: 'TCP port for gRPC' } },
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    async setup({ database, ...context }) {
      const redis = await redisOfService(userServiceName, context);
      const cache = await cacheOfService({ name: userServiceName, redis, database }, context);
      const events = feedOfService(database, userEvents, context, { baggage: true });
      relayOfService({ service: userServiceName, feed: events, redis }, context);
      const keys = keysOfService(database, context);
      const users = userService({ database, keys, cache, events });
      addUserRoutes(context.app, users);
      return { grpc: grpcServer(context, { services: [userMethods(users)] }) };
    },
  },
  process,
);
