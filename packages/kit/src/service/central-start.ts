import type { Clock, Logger } from '@flotilla/contracts';
import type { CentralConfig } from '@flotilla/contracts/central-config';
import { CentralFollower } from '../central/index.ts';
import {
  type CommonSettings,
  type ConfigOf,
  type ConfigSource,
  type GivenConfig,
  resolveConfig,
  type Settings,
} from '../config/index.ts';
import { exitCodes, type ProcessHost } from '../host/process-host.ts';

/** What a program's central config is made of. */
export interface CentralStart {
  /** The common settings as they are without central config. */
  readonly config: ConfigOf<CommonSettings>;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Makes a program's central config; undefined if its registry has none. */
export type CreateCentral = (start: CentralStart) => CentralConfig | undefined;

/** The settings a program starts with, or the code to exit with, in which case everything has been written. */
export type CentralOutcome =
  | {
      readonly kind: 'start';
      readonly values: Readonly<Record<string, unknown>>;
      readonly sources: Readonly<Record<string, ConfigSource>>;
      readonly follower: CentralFollower | undefined;
    }
  | { readonly kind: 'exit'; readonly code: number };

/** What {@link readCentral} needs. */
export interface CentralOptions {
  readonly given: GivenConfig<Settings>;
  readonly create: CreateCentral | undefined;
  readonly start: CentralStart;
  readonly host: ProcessHost;
  /** What to do while it waits: load code that is needed either way. */
  readonly meanwhile: (() => void) | undefined;
}

/** Adds central config to what was given, waiting for it as long as the settings allow. */
export async function readCentral({ given, create, start, host, meanwhile }: CentralOptions): Promise<CentralOutcome> {
  const central = create?.(start);
  const follower = central && new CentralFollower({ central, given, clock: start.clock });
  const limitMs = start.config.CENTRAL_CONFIG_WAIT_MS;
  const asked = given.asks === 'print-config';
  if (follower !== undefined) {
    if (!asked) meanwhile?.();
    // The clock's timers keep no process alive, and so far there may be nothing else.
    const alive = setInterval(() => undefined, 2 ** 30);
    await follower.wait(limitMs, asked ? 'once' : 'until-limit');
    clearInterval(alive);
  }
  const resolved = resolveConfig(given, follower?.texts);
  if (resolved.ok && !(asked && follower?.known === false))
    return { kind: 'start', values: resolved.config, sources: resolved.sources, follower };
  const unread = `Central config could not be read from ${start.config.REGISTRY_URL}`;
  if (resolved.ok) {
    host.stderr.write(`${unread}; what it may set is missing here.\n`);
    return { kind: 'start', values: resolved.config, sources: resolved.sources, follower };
  }
  const isUnread = follower?.known === false;
  host.stderr.write(
    isUnread
      ? `${resolved.message}${unread} within ${limitMs} ms. If it sets what is missing, start the registry, or raise CENTRAL_CONFIG_WAIT_MS.\n`
      : resolved.message,
  );
  await follower?.close();
  // With the registry back, a restart may be enough.
  return { kind: 'exit', code: isUnread ? exitCodes.crashed : exitCodes.configuration };
}
