import type { Clock } from '@flotilla/contracts';
import type { Settings } from '../config/index.ts';
import type { ProcessHost } from '../host/process-host.ts';
import { exitWhenWritten } from '../output/index.ts';
import type { WorkerSeat } from '../workers/worker-seat.ts';
import type { ProgramDefinition } from './definitions.ts';
import { runPrepared } from './life.ts';
import { registrationOf } from './registration.ts';
import { mainServer } from './server-set.ts';
import { prepare } from './start-up.ts';

/** What tests replace, and programs that run as several processes. */
export interface RunOptions {
  readonly clock?: Clock;
  /** The seat of this process among the workers of the program. Default: it is alone. */
  readonly seat?: WorkerSeat;
}

/**
 * Runs a program from start to exit: config, create, listen, ready, register, and the reverse on SIGTERM, SIGINT or the
 * loss of the supervisor. Settles when the program serves or has asked the host to exit.
 */
export async function runProgram<const S extends Settings = Record<never, never>>(
  definition: ProgramDefinition<S>,
  host: ProcessHost,
  options: RunOptions = {},
): Promise<void> {
  const preparation = await prepare(definition, host, options);
  if (preparation.kind === 'exit') {
    exitWhenWritten(host, preparation.code);
    return;
  }
  const { context, version } = preparation.prepared;
  const registrar = definition.registrar;
  await runPrepared(preparation.prepared, host, {
    name: definition.name,
    create: async () => [mainServer(await definition.create(context), context.config)],
    operatorsPages: definition.operatorsPages,
    register:
      registrar && ((where) => registrar(context).register(registrationOf(definition, context, where, version))),
  });
}
