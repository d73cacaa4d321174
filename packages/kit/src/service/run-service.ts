import { requireDistinctCodes } from '@flotilla/contracts';
import type { CommonSettings, ConfigOf, Settings } from '../config/index.ts';
import type { ProcessHost } from '../host/process-host.ts';
import { exitWhenWritten } from '../output/index.ts';
import { appServer } from './app-server.ts';
import type { AppContext, MaybeDatabase, ServiceContext, ServiceDefinition } from './definitions.ts';
import { furtherServers } from './further-servers.ts';
import { runPrepared } from './life.ts';
import { registrationOf } from './registration.ts';
import type { RunOptions } from './run-program.ts';
import { mainServer } from './server-set.ts';
import { openServiceDatabase } from './service-database.ts';
import { prepare, settingsOf } from './start-up.ts';

/** Runs a service on the kit's HTTP app from start to exit; see `runProgram` for the steps. */
export async function runService<const S extends Settings = Record<never, never>, D extends MaybeDatabase = undefined>(
  definition: ServiceDefinition<S, D>,
  host: ProcessHost,
  options: RunOptions = {},
): Promise<void> {
  if (definition.database !== undefined && host.argv[2] === 'migrate') {
    // Only the command needs it.
    const { runMigrateCommand } = await import('./migrate/migrate-command.ts');
    const settings = settingsOf(definition, host.env);
    const { name: program, database } = definition;
    const command = { program, definition: database, settings, clock: options.clock };
    exitWhenWritten(host, await runMigrateCommand(command, host));
    return;
  }
  const loading = (): Promise<typeof import('../http/index.ts')> => import('../http/index.ts');
  const { clock: givenClock } = options;
  const preparation = await prepare(definition, host, {
    clock: givenClock,
    // If it fails, it fails again below.
    meanwhile: () => void loading().catch(() => undefined),
  });
  if (preparation.kind === 'exit') {
    exitWhenWritten(host, preparation.code);
    return;
  }
  const { prepared } = preparation;
  const { version } = prepared;
  // Loaded only now: a wrong config is reported sooner, and programs with their own server never load Fastify.
  const { createHttpApp, createHttpGuard, prepareDrain } = await loading();
  const { logger, health, metrics, tracer, clock, config } = prepared.context;
  const common: ConfigOf<CommonSettings> = config;
  const guard = createHttpGuard({
    serverHost: common.SERVER_HOST,
    allowedHosts: prepared.ownNames,
    allowedOrigins: common.ALLOWED_ORIGINS,
  });
  const { app } = await createHttpApp({
    logger,
    health,
    metrics,
    tracer,
    clock,
    guard,
    defaultLocale: common.DEFAULT_LOCALE,
    // Operators then have a port of their own.
    addresses: common.ADMIN_PORT === undefined ? 'all' : 'callers',
  });
  const { registrar } = definition;
  const context: AppContext<S> = { ...prepared.context, app };
  const broken = Promise.withResolvers<never>();
  // Heard while the program waits to be ready; otherwise it must not end the process.
  broken.promise.catch(() => undefined);
  await runPrepared(prepared, host, {
    name: definition.name,
    broken: broken.promise,
    async create() {
      requireDistinctCodes((definition.errors ?? []).flatMap((errors) => Object.values(errors)));
      const opened = definition.database && (await openServiceDatabase(definition.database, prepared.context));
      opened?.ready.catch(broken.reject);
      // There is a database exactly if the definition has one.
      const made = await definition.setup({ ...context, database: opened?.database } as ServiceContext<S, D>);
      if (common.API_DOCS) {
        const { serveDocuments } = await import('../openapi/serve-documents.ts');
        serveDocuments(app, { title: definition.name, defaultLocale: common.DEFAULT_LOCALE });
      }
      const main = appServer(app, prepared.context.listen, prepareDrain(app.server, clock));
      return [mainServer(main, common), ...furtherServers(definition.servers ?? {}, made ?? {}, config)];
    },
    register:
      registrar && ((where) => registrar(context).register(registrationOf(definition, context, where, version))),
  });
}
