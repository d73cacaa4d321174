import { type Clock, isAppError, systemClock } from '@flotilla/contracts';
import { maskPassword, readGivenConfig, resolveConfig, type Settings } from '../../config/index.ts';
import {
  type DatabaseDefinition,
  type DatabaseMigrations,
  DatabaseSetupError,
  openMigrations,
} from '../../database/index.ts';
import { exitCodes, type ProcessHost } from '../../host/process-host.ts';
import { databaseOptions, settingsForDatabase } from '../service-database.ts';
import { type MigrateRequest, migrateHelp, readMigrateArguments } from './migrate-arguments.ts';
import { scriptText, shownMigrations, statusLines } from './migrate-words.ts';

/** The exit codes that only `migrate` has. */
const codes = {
  ...exitCodes,
  /** `status` has found missing migrations. */
  missing: 3,
  /** EX_USAGE of sysexits.h. */
  usage: 64,
  /** EX_UNAVAILABLE. */
  unavailable: 69,
} as const;

/** What {@link runMigrateCommand} works for. */
export interface MigrateCommandOptions {
  readonly program: string;
  readonly definition: DatabaseDefinition;
  /** All settings of the program. */
  readonly settings: Settings;
  readonly clock?: Clock | undefined;
}

type Run = Extract<MigrateRequest, { kind: 'run' }>;

/** Runs `<program> migrate …` instead of the program. Returns the exit code; everything has been written then. */
export async function runMigrateCommand(options: MigrateCommandOptions, host: ProcessHost): Promise<number> {
  const { program, definition, settings } = options;
  const request = readMigrateArguments(
    host.argv.slice(3),
    settings,
    definition.migrations.map(({ id }) => id),
  );
  switch (request.kind) {
    case 'help':
      host.stdout.write(migrateHelp(program, settingsForDatabase(settings)));
      return codes.stopped;
    case 'mistake':
      host.stderr.write(`${program} migrate: ${request.message} Run "${program} migrate --help".\n`);
      return codes.usage;
    case 'run':
      return runRequest(request, options, host);
    default:
      return request satisfies never;
  }
}

async function runRequest(request: Run, options: MigrateCommandOptions, host: ProcessHost): Promise<number> {
  const { program, definition, settings, clock = systemClock } = options;
  const loaded = resolveConfig(readGivenConfig({ program, settings, env: host.env, argv: request.settings }));
  // What a program needs to serve, a migration does not.
  if (!loaded.ok && loaded.missing === undefined) {
    host.stderr.write(loaded.message);
    return codes.configuration;
  }
  const config = databaseOptions(definition, loaded.config);
  const ran: string[] = [];
  const write = (text: string): unknown => host.stdout.write(`${text}\n`);
  const fail = (code: number, message: string): number => {
    if (request.json) write(JSON.stringify({ error: message, ran }));
    host.stderr.write(`${program} migrate: ${message}\n`);
    return code;
  };
  let database: DatabaseMigrations;
  try {
    database = await openMigrations({
      ...config,
      clock,
      look: request.verb === 'status' || request.dryRun,
      onMigrateWait: () => host.stderr.write('Another process migrates the database; waiting for it\n'),
      onMigrated(id) {
        ran.push(id);
        if (!request.json) write(`${request.verb === 'up' ? 'Applied' : 'Took back'} ${id}`);
      },
    });
  } catch (error) {
    // A file that cannot be opened; servers are connected to later.
    return fail(error instanceof DatabaseSetupError ? codes.configuration : codes.unavailable, messageOf(error));
  }
  try {
    return await perform(request, { database, definition, shownUrl: maskPassword(config.url), ran, write });
  } catch (error) {
    if (error instanceof DatabaseSetupError) return fail(codes.configuration, error.message);
    const reason = database.describe(error);
    if (!isAppError(error) || error.code !== 'STORAGE_UNAVAILABLE') return fail(codes.crashed, reason);
    return fail(
      codes.unavailable,
      `The database ${maskPassword(config.url)} cannot be used now: ${reason}. Try again once it can, or correct DATABASE_URL`,
    );
  } finally {
    await database.close();
  }
}

interface Performing {
  readonly database: DatabaseMigrations;
  readonly definition: DatabaseDefinition;
  readonly shownUrl: string;
  /** What has run, in this order. */
  readonly ran: readonly string[];
  readonly write: (text: string) => void;
}

async function perform(request: Run, { database, definition, shownUrl, ran, write }: Performing): Promise<number> {
  const { verb, target, dryRun, json } = request;
  if (verb === 'status') {
    const state = await database.state();
    const migrations = shownMigrations(state, definition);
    const complete = state.pending.length === 0 && state.unfinished === undefined;
    if (json) write(JSON.stringify({ database: shownUrl, complete, migrations }));
    else write(statusLines(shownUrl, migrations).join('\n'));
    return complete ? codes.stopped : codes.missing;
  }
  if (dryRun) {
    const planned = await database.plan(verb, target);
    if (json) write(JSON.stringify({ direction: verb, migrations: planned }));
    else write(planned.length === 0 ? '-- Nothing to do' : scriptText(verb, planned).trimEnd());
    return codes.stopped;
  }
  await database.run(verb, target);
  if (json) write(JSON.stringify({ direction: verb, ran }));
  else if (ran.length === 0) write(verb === 'up' ? 'Nothing to do: no migration is missing' : 'Nothing to take back');
  return codes.stopped;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
