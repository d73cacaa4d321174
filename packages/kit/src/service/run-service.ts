import { requireDistinctCodes } from '@flotilla/contracts';
import {
  type CommonSettings,
  type ConfigOf,
  httpRegistryUrls,
  type RegistryUrls,
  type Settings,
} from '../config/index.ts';
import { networkNames } from '../guard/index.ts';
import type { ProcessHost } from '../host/process-host.ts';
import type { HttpApp } from '../http/index.ts';
import { exitWhenWritten } from '../output/index.ts';
import type { Listen } from '../workers/worker-seat.ts';
import type { ProgramServer, ServiceContext, ServiceDefinition } from './definitions.ts';
import { registrationOf, runPrepared } from './life.ts';
import type { RunOptions } from './run-program.ts';
import { prepare } from './start-up.ts';

/** Runs a service on the kit's HTTP app from its start to its exit; see `runProgram` for the steps. */
export async function runService<const S extends Settings = Record<never, never>>(
  definition: ServiceDefinition<S>,
  host: ProcessHost,
  options: RunOptions = {},
): Promise<void> {
  const preparation = await prepare(definition, host, options.clock);
  if (preparation.kind === 'exit') {
    exitWhenWritten(host, preparation.code);
    return;
  }
  const { prepared } = preparation;
  // Loaded only now: a wrong config is told sooner, and programs with their own server never load Fastify.
  const { createHttpApp, createHttpGuard, prepareDrain } = await import('../http/index.ts');
  const { logger, health, metrics, clock, config } = prepared.context;
  const common: ConfigOf<CommonSettings> = config;
  const guard = createHttpGuard({
    serverHost: common.SERVER_HOST,
    allowedHosts: [...common.ALLOWED_HOSTS, ...ownNames(common, definition)],
    allowedOrigins: common.ALLOWED_ORIGINS,
  });
  const app = createHttpApp({ logger, health, metrics, clock, guard, defaultLocale: config.DEFAULT_LOCALE });
  const { registrar } = definition;
  const context: ServiceContext<S> = { ...prepared.context, app };
  await runPrepared(prepared, host, {
    name: definition.name,
    async create() {
      requireDistinctCodes((definition.errors ?? []).flatMap((errors) => Object.values(errors)));
      await definition.setup(context);
      return appServer(app, prepared.context.listen, prepareDrain(app.server, clock));
    },
    register: registrar && ((where) => registrar(context).register(registrationOf(definition, context, where))),
  });
}

/** The names others reach the program by: those it is announced under, or else those that `REGISTRY_URL` has for it. */
function ownNames(
  { ADVERTISE_ADDRESS, REGISTRY_URL }: ConfigOf<CommonSettings>,
  {
    registrar,
    registryUrls = httpRegistryUrls,
  }: { readonly registrar?: unknown; readonly registryUrls?: RegistryUrls | undefined },
): readonly string[] {
  const names =
    registrar === undefined ? registryUrls.hostsOf(REGISTRY_URL).map(({ host }) => host) : [ADVERTISE_ADDRESS ?? ''];
  return [...names, ...networkNames()];
}

function appServer(app: HttpApp, listenOn: Listen, drain: (signal: AbortSignal) => Promise<boolean>): ProgramServer {
  return {
    async listen({ host, port }) {
      await app.ready();
      // Not by Fastify: it would say in a log line for each address what the lifecycle says in one.
      return listenOn(app.server, { host, port });
    },
    async drain(signal) {
      if (!(await drain(signal))) throw new Error('Requests were still in flight', { cause: signal.reason });
    },
    async close() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
