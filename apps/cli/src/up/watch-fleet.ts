import type { Clock } from '@flotilla/contracts';
import type { Fleet, Program } from '@flotilla/fleet/config';
import type { RunningFleet } from '@flotilla/fleet/run';
import type { FleetOutput } from '../output/fleet-output.ts';

/** What {@link watchFleet} needs. */
export interface WatchOptions {
  readonly fleet: Fleet;
  readonly only: readonly Program[];
  readonly clock: Clock;
  readonly output: Pick<FleetOutput, 'say'>;
}

/** Restarts changed programs and reports it. Returns a function that stops watching. */
export async function watchFleet(
  running: Pick<RunningFleet, 'retry' | 'reload'>,
  { fleet, only, clock, output }: WatchOptions,
): Promise<() => void> {
  const { watchPrograms } = await import('@flotilla/fleet/watch');
  const watch = watchPrograms({
    fleet,
    programs: only,
    clock,
    onChange(change) {
      const { file } = change;
      switch (change.kind) {
        case 'restart':
          output.say(`${file} changed; restarting ${change.programs.join(', ')}`);
          for (const program of change.programs) running.retry(program);
          return;
        case 'reload':
          output.say(`${file} changed; reloading ${change.programs.join(', ')}`);
          for (const program of change.programs) running.reload(program);
          return;
        case 'fleet':
          output.say(`${file} changed; stop and start the fleet to apply it`, 'problem');
          return;
        case 'ignored':
          output.say(
            `${file} changes all the time, so a program probably writes it; ignoring it from now on. Let programs write to data/`,
            'problem',
          );
          return;
        default:
          change satisfies never;
      }
    },
    onFailure(folder, error) {
      const advice = error.code === 'ENOSPC' ? '. Raise fs.inotify.max_user_watches (sysctl), or watch less' : '';
      output.say(`cannot watch ${folder}: ${error.message}${advice}`, 'problem');
    },
  });
  return () => watch.close();
}
