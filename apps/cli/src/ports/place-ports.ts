import { type PlacedSpec, type ProcessSpec, settingPrefix } from '../plan/plan-fleet.ts';
import { findFreePort } from './free-port.ts';
import { probePort } from './probe-port.ts';

/** The processes with their ports, or what is wrong with the ports that were asked for. */
export type Placement =
  | { readonly ok: true; readonly placed: readonly PlacedSpec[] }
  | { readonly ok: false; readonly message: string };

/** Checks the fixed ports before anything is started, and finds one for each process that takes any. */
export async function placePorts(specs: readonly ProcessSpec[], random: () => number): Promise<Placement> {
  const taken = new Set<number>();
  const conflicts: string[] = [];
  for (const spec of specs) {
    if (spec.port === 'free') continue;
    if (taken.has(spec.port)) {
      conflicts.push(`${spec.port} for ${spec.name}: another program of the fleet has this port too`);
      continue;
    }
    taken.add(spec.port);
    const problem = await problemWith(spec.port, spec.env['SERVER_HOST']);
    if (problem !== undefined) conflicts.push(`${spec.port} for ${spec.name}: ${problem}`);
  }
  if (conflicts.length > 0) return { ok: false, message: describeConflicts(specs, conflicts) };
  const placed: PlacedSpec[] = [];
  for (const spec of specs) {
    const port = spec.port === 'free' ? await findFreePort(taken, random) : spec.port;
    taken.add(port);
    placed.push({ ...spec, port });
  }
  return { ok: true, placed };
}

async function problemWith(port: number, host: string | undefined): Promise<string | undefined> {
  const state = await probePort(port, host === '' ? undefined : host);
  switch (state.kind) {
    case 'free':
      return undefined;
    case 'unusable':
      return state.reason;
    case 'in-use': {
      // Loaded only now: the kit is large, and a supervisor that finds its ports free does not need it.
      const { findPortHolder } = await import('@flotilla/kit/service');
      const holder = await findPortHolder(port);
      return holder === undefined ? 'in use by another process' : `in use by process ${holder.pid} (${holder.command})`;
    }
    default:
      return state satisfies never;
  }
}

function describeConflicts(specs: readonly ProcessSpec[], conflicts: readonly string[]): string {
  const first = specs.find((spec) => conflicts.some((conflict) => conflict.includes(` for ${spec.name}:`)));
  const setting = `${settingPrefix(first?.program.name ?? '')}SERVER_PORT`;
  const title = conflicts.length === 1 ? 'a port is' : `${conflicts.length} ports are`;
  return [
    `nothing was started: ${title} not available.`,
    ...conflicts.map((conflict) => `  ${conflict}`),
    'Stop what holds it, choose another port (for example ' +
      `${setting}=${Number(first?.port) + 1000}), or let all of them be chosen: npm start -- --free-ports`,
  ].join('\n');
}
