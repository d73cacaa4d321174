import { cacheOfService } from '@flotilla/kit/cache';
import { choice } from '@flotilla/kit/config';
import { eventSettings, feedOfService, relayOfService } from '@flotilla/kit/events';
import { grpcServer } from '@flotilla/kit/grpc';
import { idempotencySettings, keysOfService } from '@flotilla/kit/idempotency';
import { redisOfService } from '@flotilla/kit/redis';
import { runService } from '@flotilla/kit/service';
import { orderErrors, orderEvents, orderGrpcPort, orderServiceName, orderServicePort } from '@flotilla/order-contract';
import { centralConfigFor, discoveryFor, registrarFor, registryUrls } from '@flotilla/registry-client';
import { createUserClient, userErrors, userFieldErrors, userServiceName } from '@flotilla/user-contract';
import { createGrpcUserClient } from '@flotilla/user-contract/grpc';
import { followUsers } from './follow-users.ts';
import { orderMethods } from './grpc/order-methods.ts';
import { orderService } from './orders.ts';
import { addOrderRoutes } from './routes/order-routes.ts';
import { orderDatabase } from './store/orders.ts';

await runService(
  {
    name: orderServiceName,
    defaultPort: orderServicePort,
    errors: [orderErrors, userErrors, userFieldErrors],
    database: orderDatabase,
    settings: {
      ...eventSettings,
      ...idempotencySettings,
      USER_SERVICE_PROTOCOL: choice(['http', 'grpc'], {
        describe: 'How user-service is called; grpc needs instances that have registered a port for it',
        default: 'http',
      }),
    },
    servers: { grpc: { defaultPort: orderGrpcPort, describe: 'TCP port for gRPC' } },
    registryUrls,
    registrar: ({ config, logger, clock }) => registrarFor(config, { logger, clock }),
    centralConfig: ({ config, logger, clock }) => centralConfigFor(config, { logger, clock }),
    async setup({ database, ...context }) {
      const { app, clock, config, health, logger, metrics, onClose } = context;
      const discovery = discoveryFor(config, { logger, clock });
      onClose(() => discovery.close());
      const create = config.USER_SERVICE_PROTOCOL === 'grpc' ? createGrpcUserClient : createUserClient;
      const users = create({ discovery, clock, metrics });
      onClose(() => users.close());
      // Not critical: without user-service, orders can still be read, changed and deleted.
      health.addCheck({ name: userServiceName, critical: false, check: () => users.check() });

      const redis = await redisOfService(orderServiceName, context);
      const cache = await cacheOfService({ name: orderServiceName, redis, database }, context);
      const events = feedOfService(database, orderEvents, context, { baggage: true });
      relayOfService({ service: orderServiceName, feed: events, redis }, context);
      const following = followUsers({ ...context, database, cache, events, users, redis, discovery });
      onClose(() => following.close());
      // Not critical either: what is known of users is then some time old.
      health.addCheck({ name: 'user-events', critical: false, check: () => following.check() });

      const keys = keysOfService(database, context);
      const orders = orderService({ database, clock, keys, cache, events, users });
      addOrderRoutes(app, orders);
      return { grpc: grpcServer(context, { services: [orderMethods(orders)] }) };
    },
  },
  process,
);
