import { type PlacedSpec, reachableHost } from '../plan/finish-environments.ts';
import type { ProcessSpec } from '../plan/plan-fleet.ts';
import { findFreePort } from './free-port.ts';
import { probePort } from './probe-port.ts';

/** The processes with their ports, or what is wrong with the ports and addresses that were asked for. */
export type Placement =
  | { readonly ok: true; readonly placed: readonly PlacedSpec[] }
  | { readonly ok: false; readonly message: string };

/** What keeps processes from listening where they are to listen. */
interface Obstacles {
  /** One line for each port that can't be had. */
  readonly ports: string[];
  /** The processes that were given an address this machine does not have, by that address. */
  readonly hosts: Map<string, string[]>;
}

/** Checks the fixed ports before anything is started, and finds one for each process that takes any. */
export async function placePorts(specs: readonly ProcessSpec[], random: () => number): Promise<Placement> {
  const taken = new Set<number>();
  const obstacles: Obstacles = { ports: [], hosts: new Map() };
  for (const spec of specs) {
    if (spec.port === 'free') continue;
    if (taken.has(spec.port)) {
      obstacles.ports.push(`${spec.port} for ${spec.name}: another program of the fleet has this port too`);
      continue;
    }
    taken.add(spec.port);
    await lookAt(spec.name, spec.port, hostOf(spec, specs), obstacles);
  }
  if (obstacles.ports.length > 0 || obstacles.hosts.size > 0)
    return { ok: false, message: `nothing was started: ${describe(specs, obstacles).join('\n')}` };
  const placed: PlacedSpec[] = [];
  for (const spec of specs) {
    const port = spec.port === 'free' ? await findFreePort(taken, random) : spec.port;
    taken.add(port);
    placed.push({ ...spec, port });
  }
  return { ok: true, placed };
}

/** Where a process will listen; undefined: on all addresses, or on one that only it can work out. */
function hostOf(spec: ProcessSpec, specs: readonly ProcessSpec[]): string | undefined {
  const set = spec.settings.find('SERVER_HOST')?.value;
  if (set !== undefined) return set;
  if (spec.settings.find('REGISTRY_URL') !== undefined) return undefined;
  return reachableHost(specs.find(({ program }) => program.name === 'service-registry'));
}

async function lookAt(name: string, port: number, host: string | undefined, obstacles: Obstacles): Promise<void> {
  const state = await probePort(port, host);
  switch (state.kind) {
    case 'free':
      return;
    case 'unusable':
      obstacles.ports.push(`${port} for ${name}: ${state.reason}`);
      return;
    case 'forbidden':
      obstacles.ports.push(`${port} for ${name}: this user may not listen on it; 1024 and above are free for all`);
      return;
    case 'wrong-host': {
      const key = `"${host ?? ''}" (${state.code})`;
      obstacles.hosts.set(key, [...(obstacles.hosts.get(key) ?? []), name]);
      return;
    }
    case 'in-use': {
      // Loaded only now: the kit is large, and a supervisor that finds its ports free does not need it.
      const { findPortHolder } = await import('@flotilla/kit/service');
      const holder = await findPortHolder(port);
      const who = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command})`;
      obstacles.ports.push(`${port} for ${name}: in use by ${who}`);
      return;
    }
    default:
      state satisfies never;
  }
}

function describe(specs: readonly ProcessSpec[], { ports, hosts }: Obstacles): string[] {
  const lines: string[] = [];
  for (const [host, names] of hosts)
    lines.push(`this machine has no address ${host}, the SERVER_HOST of ${names.join(', ')}.`);
  if (hosts.size > 0)
    lines.push('Set SERVER_HOST to one it has: 127.0.0.1 keeps other machines out, 0.0.0.0 listens on all.');
  if (ports.length === 0) return lines;
  const first = specs.find((spec) => ports.some((port) => port.includes(` for ${spec.name}:`)));
  lines.push(`${ports.length === 1 ? 'a port is' : `${ports.length} ports are`} not available.`);
  lines.push(...ports.map((port) => `  ${port}`));
  const setting = `${first?.settings.prefix ?? ''}SERVER_PORT=${Number(first?.port) + 1000}`;
  lines.push(
    `Stop what holds it, choose another port (for example ${setting}), or let all of them be chosen: npm start -- --free-ports`,
  );
  return lines;
}
