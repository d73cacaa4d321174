import { nearestProgram } from '@flotilla/fleet/config';
import { prepareFleet } from '@flotilla/fleet/run';
import type { Given } from '../arguments/given.ts';
import { Mistake } from '../arguments/mistake.ts';
import type { Cli } from '../arguments/verb.ts';
import { configurationExitCode } from '../help/exit-codes.ts';
import { answer, failureOf } from '../running/answer.ts';
import { NotRunning, oneRunning } from '../running/find-running.ts';
import { askSettings } from '../up/ask-settings.ts';
import { findFleet } from '../up/find-fleet.ts';
import { readSettingsTable } from './settings-table.ts';

/** What a program uses: a table, or why it cannot say. */
interface Used {
  readonly name: string;
  readonly table?: string;
  readonly problem?: string;
}

/** `flotilla config`. */
export async function showSettings(given: Given, cli: Cli): Promise<number> {
  const running = await usedByRunning(given, cli);
  const used = running ?? (await usedByPlanned(given, cli));
  if (used === undefined) return configurationExitCode;
  return answer(given, cli, async () => ({
    json: {
      running: running !== undefined,
      programs: used.map(({ name, table, problem }) => ({
        name,
        ...(table === undefined ? {} : { settings: readSettingsTable(table) }),
        ...(problem === undefined ? {} : { problem }),
      })),
    },
    text: [
      ...(running === undefined
        ? ['No fleet is running; these are the settings that its programs would use.', '']
        : []),
      ...used.flatMap(({ name, table, problem = '' }, index) => [
        ...(used.length === 1 ? [] : [`${index === 0 ? '' : '\n'}${name}`]),
        (table ?? problem).trimEnd(),
      ]),
    ],
    exitCode: used.some(({ problem }) => problem !== undefined) && given.words.length > 0 ? 1 : 0,
  }));
}

/** Undefined: no fleet runs. */
async function usedByRunning(given: Given, cli: Cli): Promise<readonly Used[] | undefined> {
  try {
    const { client, report } = await oneRunning(given, cli, given.words);
    const names = given.words.length > 0 ? given.words : report.processes.map(({ name }) => name);
    return await Promise.all(
      names.map(async (name): Promise<Used> => {
        try {
          return { name, table: await client.settings(name) };
        } catch (error) {
          const failure = failureOf(error);
          if (failure.code === 'UNKNOWN_NAME') throw new Mistake(failure.message);
          return { name, problem: failure.message };
        }
      }),
    );
  } catch (error) {
    if (error instanceof NotRunning) return undefined;
    throw error;
  }
}

/** Undefined: there is no fleet, which has been reported. */
async function usedByPlanned(given: Given, cli: Cli): Promise<readonly Used[] | undefined> {
  const fleet = await findFleet(given, cli);
  if (fleet === undefined) return undefined;
  const { specs } = await prepareFleet({ fleet, env: cli.env, random: cli.random });
  for (const name of given.words) {
    if (!specs.some((spec) => spec.name === name)) {
      throw new Mistake(`Unknown program "${name}". ${nearestProgram(name, fleet.programs)}`);
    }
  }
  const wanted = specs.filter(({ name }) => given.words.length === 0 || given.words.includes(name));
  return Promise.all(
    wanted.map(async (spec): Promise<Used> => {
      const { name } = spec;
      const asked = await askSettings(spec);
      return asked.kind === 'wrong' ? { name, problem: asked.words } : { name, table: asked.table };
    }),
  );
}
