import { reachableHost } from '../plan/finish-environments.ts';
import type { PlacedPort, PlacedSpec } from '../plan/placed-spec.ts';
import type { ProcessSpec } from '../plan/plan-fleet.ts';
import { findFreePort } from './free-port.ts';
import { probePort } from './probe-port.ts';

/** The processes with their ports, or what is wrong with the ports and addresses that were asked for. */
export type Placement =
  | { readonly ok: true; readonly placed: readonly PlacedSpec[] }
  | { readonly ok: false; readonly message: string };

/** One port of a process, and which settings say where it is. */
interface Wish {
  readonly spec: ProcessSpec;
  readonly port: number | 'free';
  readonly setting: string;
  readonly hostSetting: string;
  /** Undefined: on all addresses, or on one that only the process can work out. */
  readonly host: string | undefined;
}

/** What keeps processes from listening where they are to listen. */
interface Obstacles {
  /** One line for each port that can't be had. */
  readonly ports: { readonly wish: Wish; readonly reason: string }[];
  /** The processes that were given an address this machine does not have, by that address and its setting. */
  readonly hosts: Map<string, { readonly hostSetting: string; readonly names: string[] }>;
}

/** Checks the fixed ports before anything is started, and finds one for each process that takes any. */
export async function placePorts(specs: readonly ProcessSpec[], random: () => number): Promise<Placement> {
  const taken = new Set<number>();
  const obstacles: Obstacles = { ports: [], hosts: new Map() };
  const yielding = new Set<ProcessSpec>();
  for (const wish of specs.flatMap((spec) => wishesOf(spec, specs))) {
    if (wish.port === 'free') continue;
    if (mayYield(wish) && (taken.has(wish.port) || (await probePort(wish.port, wish.host)).kind !== 'free')) {
      yielding.add(wish.spec);
      continue;
    }
    if (taken.has(wish.port)) {
      obstacles.ports.push({ wish, reason: 'another program of the fleet also has this port' });
      continue;
    }
    taken.add(wish.port);
    await lookAt(wish, wish.port, obstacles);
  }
  if (obstacles.ports.length > 0 || obstacles.hosts.size > 0)
    return { ok: false, message: `nothing was started: ${describe(obstacles).join('\n')}` };
  const place = async (port: number | 'free'): Promise<number> => {
    const placed = port === 'free' ? await findFreePort(taken, random) : port;
    taken.add(placed);
    return placed;
  };
  const placed: PlacedSpec[] = [];
  for (const spec of specs) {
    const port = spec.port === undefined ? undefined : await place(yielding.has(spec) ? 'free' : spec.port);
    const further: PlacedPort[] = [];
    for (const each of spec.further) further.push({ ...each, port: await place(each.port) });
    placed.push({ ...spec, port, further });
  }
  return { ok: true, placed };
}

/** Nobody calls the dashboard but the programs of the fleet, which are told where it is: it is no reason not to start. */
function mayYield({ spec, setting }: Wish): boolean {
  return spec.program.role === 'dashboard' && setting === 'SERVER_PORT' && !spec.portIsSet;
}

function wishesOf(spec: ProcessSpec, specs: readonly ProcessSpec[]): readonly Wish[] {
  const host = hostOf(spec, specs);
  const main = { spec, port: spec.port ?? 'free', setting: 'SERVER_PORT', hostSetting: 'SERVER_HOST', host } as const;
  const further = spec.further.map(({ of, port }) => {
    const { setting, hostSetting } = of;
    return { spec, port, setting, hostSetting, host: spec.settings.find(hostSetting)?.value ?? of.host };
  });
  return [main, ...further];
}

/** Where the main server of a process will listen; undefined: on all addresses, or on one that only it can work out. */
function hostOf(spec: ProcessSpec, specs: readonly ProcessSpec[]): string | undefined {
  const set = spec.settings.find('SERVER_HOST')?.value;
  if (set !== undefined) return set;
  if (spec.program.role === 'dashboard') return '127.0.0.1';
  if (spec.settings.find('REGISTRY_URL') !== undefined) return undefined;
  return reachableHost(specs.find(({ program }) => program.role === 'registry'));
}

async function lookAt(wish: Wish, port: number, { ports, hosts }: Obstacles): Promise<void> {
  const { host, hostSetting, spec } = wish;
  const state = await probePort(port, host);
  switch (state.kind) {
    case 'free':
      return;
    case 'unusable':
      ports.push({ wish, reason: state.reason });
      return;
    case 'forbidden':
      ports.push({ wish, reason: 'this user may not listen on it; use 1024 or above' });
      return;
    case 'wrong-host': {
      const key = `"${host ?? ''}" (${state.code}), the ${hostSetting}`;
      const names = hosts.get(key)?.names ?? [];
      hosts.set(key, { hostSetting, names: [...names, spec.name] });
      return;
    }
    case 'in-use': {
      // Loaded only now: the kit is large, and a supervisor that finds its ports free does not need it.
      const { findPortHolder } = await import('@flotilla/kit/service');
      const holder = await findPortHolder(port);
      const who = holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command})`;
      ports.push({ wish, reason: `in use by ${who}` });
      return;
    }
    default:
      state satisfies never;
  }
}

function describe({ ports, hosts }: Obstacles): string[] {
  const lines: string[] = [];
  for (const [host, { names }] of hosts) lines.push(`this machine has no address ${host} of ${names.join(', ')}.`);
  for (const setting of new Set([...hosts.values()].map(({ hostSetting }) => hostSetting)))
    lines.push(
      `Set ${setting} to an address of this machine: 127.0.0.1 for itself only, 0.0.0.0 for all its addresses.`,
    );
  const [first] = ports;
  if (first === undefined) return lines;
  lines.push(`${ports.length === 1 ? 'a port is' : `${ports.length} ports are`} not available.`);
  for (const { wish, reason } of ports) {
    const which = wish.setting === 'SERVER_PORT' ? '' : ` (${wish.setting})`;
    lines.push(`  ${wish.port} for ${wish.spec.name}${which}: ${reason}`);
  }
  const { setting, port, spec } = first.wish;
  const other = `choose another port (for example ${spec.settings.prefix}${setting}=${Number(port) + 1000})`;
  // Those that somebody has set are not chosen by the fleet.
  const rest =
    setting === 'SERVER_PORT'
      ? 'let Flotilla choose all ports: flotilla up --free-ports'
      : 'set it to 0 for any free port';
  lines.push(`Stop the process that uses it, ${other}, or ${rest}`);
  return lines;
}
