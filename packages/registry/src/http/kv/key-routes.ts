import type { HttpApp } from '@flotilla/kit/http';
import type { RequestAccess } from '../../admission/request-access.ts';
import type { Registry } from '../../registry.ts';
import type { Sending } from '../sending.ts';
import type { WatchRouteOptions } from '../watch-changes.ts';
import { deleteKeys } from './delete-keys.ts';
import { KeyTexts } from './key-texts.ts';
import { listKeys } from './list-keys.ts';
import { readKey } from './read-key.ts';
import { watchKeys } from './watch-keys.ts';
import { writeKey } from './write-key.ts';

/** Puts the routes about keys on an app. */
export function keyRoutes(
  app: HttpApp,
  registry: Registry,
  sending: Sending,
  options: WatchRouteOptions & { readonly access: RequestAccess },
): void {
  const texts = new KeyTexts();
  listKeys(app, registry, texts, sending);
  readKey(app, registry, texts);
  deleteKeys(app, registry, options.access);
  watchKeys(app, registry, texts, sending, options);
  writeKey(app, registry, options.access);
}
