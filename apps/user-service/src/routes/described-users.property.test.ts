import { test } from 'node:test';
import { assertAsDescribed } from '@flotilla/conformance/openapi';
import { openDatabase } from '@flotilla/kit/database';
import { idempotencyKeys } from '@flotilla/kit/idempotency';
import { serveDocuments } from '@flotilla/kit/openapi';
import { serveApp } from '@flotilla/testing/http';
import { userServiceName } from '@flotilla/user-contract';
import { userDatabase } from '../store/users.ts';
import { userService } from '../users.ts';
import { addUserRoutes } from './user-routes.ts';

test('user-service is as its document says: what it accepts, what it refuses, and every answer', async (t) => {
  const database = await openDatabase({ url: 'sqlite::memory:', ...userDatabase, seed: userDatabase.demoData });
  const parts = {
    database,
    keys: idempotencyKeys({ database }),
    events: { add: async () => undefined, attribute: () => undefined },
  };
  const served = await serveApp((app) => {
    addUserRoutes(app, userService(parts));
    serveDocuments(app, { title: userServiceName, defaultLocale: 'en' });
  });
  t.after(async () => {
    await served.close();
    await database.close();
  });
  await assertAsDescribed(served.url, { ids: { id: [1, 2] }, isMeant: isShortEmail });
});

/** The lengths of an email address are told in words. */
function isShortEmail(text: string): boolean {
  const email = text.trim();
  return !email.includes('@') || (email.indexOf('@') <= 64 && email.length <= 254);
}
