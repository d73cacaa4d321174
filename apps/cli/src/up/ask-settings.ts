import { execFile } from 'node:child_process';
import type { PlacedSpec } from '@flotilla/fleet/plan';
import { givenVariables } from './given-variables.ts';

/** A program that does not read its settings within this time has nothing to say about them. */
const limitMs = 10_000;

/** What a program says about its settings when it is started for that alone. */
export type AskedSettings =
  /** The table of `--print-config`: secrets are hidden. */
  | { readonly kind: 'good'; readonly table: string }
  /** What is wrong with them. */
  | { readonly kind: 'wrong'; readonly code: number | null; readonly words: string }
  /** It is not on our chassis, so it would simply run: the variables that it is given. */
  | { readonly kind: 'given'; readonly table: string };

/** Asks a program for its settings, with the environment that the fleet gives it. */
export function askSettings(spec: PlacedSpec): Promise<AskedSettings> {
  const { program, env } = spec;
  const { launch, health, folder } = program;
  // Only those on our chassis can be asked, and they need nobody to ask for their health: others would simply run.
  if (launch.kind !== 'node' || health !== undefined) {
    return Promise.resolve({ kind: 'given', table: givenVariables(spec) });
  }
  return new Promise((resolve) => {
    const options = { cwd: folder, env, timeout: limitMs, killSignal: 'SIGKILL' } as const;
    const words = [launch.file, ...launch.args, '--print-config'];
    const child = execFile(process.execPath, words, options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'good', table: stdout });
      else
        resolve({
          kind: 'wrong',
          code: child.exitCode,
          words: stderr.trim() || whyNothing(program.name, error.killed),
        });
    });
  });
}

/** One that knows no `--print-config` runs on, or ends without a word. */
function whyNothing(name: string, isLate = false): string {
  const advice = 'If it is not built on @flotilla/kit, set "health" in flotilla.config.ts, so that nobody asks it';
  return `${name} ${isLate ? `has not told its settings within ${limitMs / 1_000} s` : 'ended without a word on its settings'}. ${advice}`;
}
