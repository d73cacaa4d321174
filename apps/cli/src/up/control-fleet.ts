import type { Clock } from '@flotilla/contracts';
import { type Control, type ControlAction, type LogRing, openControl } from '@flotilla/fleet/control';
import type { RunningFleet } from '@flotilla/fleet/run';
import type { FleetOutput } from '../output/fleet-output.ts';
import { askSettings } from './ask-settings.ts';

/** What {@link controlFleet} needs. */
export interface ControlFleetOptions {
  readonly fleet: RunningFleet;
  readonly folder: string;
  readonly clock: Clock;
  readonly version: string;
  readonly startedMs: number;
  readonly logs: LogRing;
  readonly output: FleetOutput;
  readonly stopAll: (hurry: boolean) => void;
  readonly asked: (action: ControlAction, names: readonly string[]) => void;
}

/** Lets other terminals control the fleet. If that is not possible, it says so and the fleet runs without it. */
export async function controlFleet(options: ControlFleetOptions): Promise<Control> {
  try {
    return await openControl({
      ...options,
      pid: process.pid,
      async settingsOf(name) {
        const spec = options.fleet.specs.find((each) => each.name === name);
        if (spec === undefined) throw new Error(`${name} is gone.`);
        const asked = await askSettings(spec);
        if (asked.kind === 'wrong') throw new Error(asked.words);
        return asked.table;
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    options.output.say(`other terminals cannot control this fleet (${reason})`, 'problem');
    return { close: () => undefined };
  }
}
