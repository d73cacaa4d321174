import { reportedState } from '@flotilla/fleet/control';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import type { ProcessSnapshot } from '@flotilla/fleet/supervise';
import { wantsColour } from '@flotilla/kit/terminal';
import type { TextSink } from '../output/fleet-output.ts';
import { LiveScreen, type Terminal } from '../output/live-screen.ts';
import { type StatusProgram, statusLines } from '../output/status-lines.ts';

/** What {@link statusScreen} needs. */
export interface StatusScreenOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Terminal;
  readonly stderr: TextSink;
  /** The current processes, and where they listen. */
  readonly fleet: () => {
    readonly processes: readonly ProcessSnapshot[];
    readonly specs: ReadonlyMap<string, PlacedSpec>;
  };
}

/** The state of the fleet at the bottom of the terminal; undefined if the output is not a terminal, or can only write lines. */
export function statusScreen({ env, stdout, stderr, fleet }: StatusScreenOptions): LiveScreen | undefined {
  if (stdout.isTTY !== true || env['TERM'] === 'dumb' || env['LOG_FORMAT'] === 'json') return undefined;
  const colour = wantsColour(env, stdout);
  const unicode = /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8');
  return new LiveScreen({ stdout, stderr }, (size) => {
    const { processes, specs } = fleet();
    return statusLines(byProgram(processes, specs), { ...size, colour, unicode });
  });
}

function byProgram(
  processes: readonly ProcessSnapshot[],
  specs: ReadonlyMap<string, PlacedSpec>,
): readonly StatusProgram[] {
  const programs = new Map<string, { port: number | undefined; states: string[] }>();
  for (const process of processes) {
    const known = programs.get(process.program);
    if (known === undefined)
      programs.set(process.program, { port: specs.get(process.name)?.port, states: [reportedState(process)] });
    else known.states.push(reportedState(process));
  }
  return [...programs].map(([name, { port, states }]) => ({ name, port, states }));
}
