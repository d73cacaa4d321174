import path from 'node:path';
import { type Fleet, findMissing, type LoadedFleet } from '@flotilla/fleet/config';
import type { FleetReport } from '@flotilla/fleet/control';
import { type PreparedFleet, probePort } from '@flotilla/fleet/run';
import { askSettings } from '../up/ask-settings.ts';
import { askRoutes } from './ask-routes.ts';
import type { Finding } from './finding.ts';

/** Whether the fleet file is readable and valid, and the files that it names exist. */
export function checkFile(loaded: LoadedFleet, env: Readonly<Record<string, string | undefined>>): readonly Finding[] {
  if (!loaded.ok) return [{ check: 'fleet', result: 'problem', text: loaded.problems.join('\n') }];
  const { file, programs } = loaded.fleet;
  const missing = findMissing(programs, env['PATH'] ?? '');
  return [
    { check: 'fleet', result: 'ok', text: `${file}: ${programs.map(({ name }) => name).join(', ')}` },
    ...missing.map((text): Finding => ({ check: 'programs', result: 'problem', text })),
  ];
}

/** Whether the gateway's routes are valid. */
export async function checkRoutes(
  fleet: Fleet,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
  const gateway = fleet.programs.find(({ role }) => role === 'gateway');
  if (gateway === undefined) return [];
  const asked = await askRoutes(gateway, env);
  if (!asked.ok) return [{ check: 'routes', result: 'problem', text: asked.problem }];
  const names = new Set(fleet.programs.map(({ name }) => name));
  const foreign = [...new Set(asked.routes.flatMap(({ services }) => services))].filter((name) => !names.has(name));
  const file = path.relative(fleet.folder, asked.file);
  return [
    { check: 'routes', result: 'ok', text: `${file}: ${asked.routes.length} routes` },
    ...foreign.map(
      (name): Finding => ({
        check: 'routes',
        result: 'note',
        text: `Routes ask ${name}, which is not in this fleet: it must register from elsewhere.`,
      }),
    ),
  ];
}

/** Whether programs with the Flotilla chassis accept their settings. */
export async function checkAllSettings({ specs }: PreparedFleet): Promise<readonly Finding[]> {
  const asked = await Promise.all(specs.map(async (spec) => ({ spec, said: await askSettings(spec) })));
  const wrong = asked.flatMap(({ said }): Finding[] =>
    said.kind === 'wrong' ? [{ check: 'settings', result: 'problem', text: said.words }] : [],
  );
  const good = asked.filter(({ said }) => said.kind === 'good').map(({ spec }) => spec.name);
  if (wrong.length > 0) return wrong;
  return good.length === 0 ? [] : [{ check: 'settings', result: 'ok', text: `right for ${good.join(', ')}` }];
}

/** Whether the fleet's ports are free; those that it uses itself count as free. */
export async function checkPorts(
  { specs }: PreparedFleet,
  running: readonly FleetReport[],
): Promise<readonly Finding[]> {
  const held = new Set(running.flatMap(({ processes }) => processes.flatMap(({ port }) => port ?? [])));
  const findings = await Promise.all(
    specs.map(async ({ name, port }): Promise<Finding[]> => {
      if (port === undefined || port === 0) return [];
      if (held.has(port))
        return [{ check: 'ports', result: 'ok', text: `${port} (${name}): held by the running fleet` }];
      const state = await probePort(port, '127.0.0.1');
      switch (state.kind) {
        case 'free':
          return [{ check: 'ports', result: 'ok', text: `${port} (${name}): free` }];
        case 'in-use': {
          const { findPortHolder } = await import('@flotilla/kit/service');
          const holder = await findPortHolder(port);
          const who = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command})`;
          const text = `${port} (${name}): in use by ${who}. Stop that, give ${name} another port, or: flotilla up --free-ports`;
          return [{ check: 'ports', result: 'problem', text }];
        }
        case 'forbidden':
          return [
            {
              check: 'ports',
              result: 'problem',
              text: `${port} (${name}): this user may not listen there; use 1024 or higher.`,
            },
          ];
        case 'wrong-host':
        case 'unusable':
          return [{ check: 'ports', result: 'note', text: `${port} (${name}): cannot be checked here` }];
        default:
          return state satisfies never;
      }
    }),
  );
  return findings.flat();
}
