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

/** What tests replace, and programs that run on several processes. */
export interface RunOptions {
  readonly clock?: Clock;
  /** This process's place among the workers of the program. Default: it is alone. */
  readonly seat?: WorkerSeat;
}

/**
 * Runs a program from its start to its exit: config, create, listen, ready, register, and on SIGTERM, SIGINT or the
 * loss of the supervisor the same backwards. Settles when the program serves, or has asked the host to exit.
 */
export async function runProgram<const S extends Settings = Record<never, never>>(
  definition: ProgramDefinition<S>,
  host: ProcessHost,
  options: RunOptions = {},
): Promise<void> {
  const preparation = await prepare(definition, host, options.clock, options.seat);
  if (preparation.kind === 'exit') {
    exitWhenWritten(host, preparation.code);
    return;
  }
  const { context } = preparation.prepared;
  const registrar = definition.registrar;
  await runPrepared(preparation.prepared, host, {
    name: definition.name,
    create: async () => [mainServer(await definition.create(context), context.config)],
    register: registrar && ((where) => registrar(context).register(registrationOf(definition, context, where))),
  });
}
