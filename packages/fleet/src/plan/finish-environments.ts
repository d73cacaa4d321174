// By its own file: the whole package brings a validator along.
import { authorityOf } from '@flotilla/contracts/endpoint';
import { callableHost } from './callable-host.ts';
import type { PlacedSpec } from './placed-spec.ts';
import type { ProcessSpec } from './plan-fleet.ts';
import { dashboardEnvironment, telemetryEnvironment } from './telemetry-environment.ts';

/**
 * Completes the settings once every port is known: each process gets its own, and all of them the address of the
 * fleet's registry. What somebody else has set stays, whether in a variable or in the program's own file. `folder`: the project, where
 * the dashboard finds the fleet.
 */
export function finishEnvironments(placed: readonly PlacedSpec[], folder?: string): readonly PlacedSpec[] {
  const registry = placed.find((spec) => spec.program.role === 'registry');
  const registryHost = registry === undefined ? undefined : registry.settings.find('SERVER_HOST')?.value;
  return placed.map((spec) => {
    const env: Record<string, string> = { ...spec.env };
    const set = (name: string, value: string): void => {
      env[name] = value;
      // It would come before.
      delete env[`${spec.settings.prefix}${name}`];
    };
    const isSet = (name: string): boolean => spec.settings.find(name) !== undefined;
    if (!spec.portIsSet && spec.port !== undefined) set('SERVER_PORT', String(spec.port));
    for (const { of, port, isSet } of spec.further) if (!isSet) set(of.setting, String(port));
    // Lines for people are made here, of everybody's alike.
    if (spec.program.launch.kind === 'node' && spec.settings.findOwn('LOG_FORMAT') === undefined)
      set('LOG_FORMAT', 'json');
    if (registry?.port !== undefined && !isSet('REGISTRY_URL')) {
      const host = reachableHost(registry);
      set('REGISTRY_URL', `http://${authorityOf({ address: host, port: registry.port })}`);
      // Short names that stay the same over restarts. Only here: in a registry that others use too they would clash.
      if (!isSet('INSTANCE_ID')) set('INSTANCE_ID', spec.name);
      // Who asks a registry on a real address must be able to reach what it names: so all listen there.
      if (!isSet('SERVER_HOST') && host === registryHost && spec.program.role !== 'dashboard') set('SERVER_HOST', host);
    }
    if (spec.program.launch.kind === 'command' && spec.port !== undefined) {
      // The name that most know it by. What the shell has under it is meant for somebody else.
      set('PORT', String(spec.port));
      env['SERVER_HOST'] ??= '127.0.0.1';
    }
    const watched =
      spec.program.role === 'dashboard' ? dashboardEnvironment(placed, folder) : telemetryEnvironment(spec, placed);
    for (const [name, value] of Object.entries(watched)) if (!isSet(name)) set(name, value);
    return { ...spec, env };
  });
}

/** Where the fleet's registry is called: at its `SERVER_HOST`, if that is a real address. */
export function reachableHost(registry: ProcessSpec | undefined): string {
  return callableHost(registry?.settings.find('SERVER_HOST')?.value);
}
