/**
 * A program that follows user-service and order-service, and counts how often each of their events takes effect: to apply one twice
 * changes the count.
 */
import { systemClock as clock } from '@flotilla/contracts';
import { openDatabase } from '@flotilla/kit/database';
import { createEventConsumer, createHttpEventSource } from '@flotilla/kit/events';
import { createLogger } from '@flotilla/kit/logger';
import { createMetrics } from '@flotilla/kit/telemetry';
import { orderErrors, orderEvents, orderServiceName } from '@flotilla/order-contract';
import { discoveryFor } from '@flotilla/registry-client';
import { userErrors, userEvents, userServiceName } from '@flotilla/user-contract';
import { countEvent, ledgerMigrations } from './ledger.ts';

const { DATABASE_URL: url = '', REGISTRY_URL: registry = '' } = process.env;
const logger = createLogger({ service: 'ledger', instance: 'ledger', format: 'json', level: 'error' });
const metrics = createMetrics();
const database = await openDatabase<unknown>({ url, migrations: ledgerMigrations });
const discovery = discoveryFor(registry, { logger });
const shared = { database, clock, logger, metrics, apply: countEvent };
const unavailable = userErrors.USER_SERVICE_UNAVAILABLE;
createEventConsumer({
  ...shared,
  ...{ name: 'users', kinds: userEvents },
  source: createHttpEventSource({ discovery, clock, service: userServiceName, unavailable }),
});
createEventConsumer({
  ...shared,
  ...{ name: 'orders', kinds: orderEvents },
  source: createHttpEventSource({
    ...{ discovery, clock, service: orderServiceName },
    unavailable: orderErrors.ORDER_SERVICE_UNAVAILABLE,
  }),
});
// It ends with the test, or by its hand.
setInterval(() => undefined, 60_000);
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready', url: 'none' });
