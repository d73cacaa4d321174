import type { ServiceInstance } from '@flotilla/contracts';
import { authorityOf } from '@flotilla/contracts/endpoint';
import type { FleetReport, ProcessReport } from '@flotilla/fleet/control';
import type { InstanceState, InstanceView, ProgramView, Sentence, TrafficView } from '../wire/index.ts';
import type { FailedCheck, RegistryState } from './registry-watch.ts';

/** What is known of the fleet, from whoever knows it. */
export interface KnownFleet {
  /** Undefined: no supervisor tells. */
  readonly report: FleetReport | undefined;
  readonly registry: RegistryState;
  /** Of the last minute, by service. */
  readonly traffic: ReadonlyMap<string, TrafficView>;
  readonly nowMs: number;
}

const roles: Readonly<Record<string, ProgramView['role']>> = {
  gateway: 'gateway',
  registry: 'registry',
  dashboard: 'dashboard',
};

/** From the worst, which a program shows of all its instances. */
const worstFirst: readonly InstanceState[] = [
  'misconfigured',
  'ended',
  'unhealthy',
  'restarting',
  'degraded',
  'starting',
  'stopping',
  'draining',
  'unknown',
  'healthy',
  'stopped',
];

/** The programs of the fleet and the services that only the registry knows, with their instances. */
export function programViews({ report, registry, traffic, nowMs }: KnownFleet): readonly ProgramView[] {
  const left = new Set(registry.instances);
  const programs = new Map<string, Omit<ProgramView, 'state' | 'instances'> & { readonly instances: InstanceView[] }>();
  for (const process of report?.processes ?? []) {
    const instance = instanceOf(process, registry.instances);
    if (instance !== undefined) left.delete(instance);
    const known = programs.get(process.program) ?? {
      name: process.program,
      role: roles[process.role] ?? 'service',
      instances: [],
      // To stop it would take this page away.
      canControl: process.role !== 'dashboard',
      ...(process.singleBecause === null ? {} : { singleBecause: process.singleBecause }),
      ...trafficOf(process.program, traffic),
    };
    known.instances.push(processView(process, instance, registry.failedChecks, report?.version));
    programs.set(process.program, known);
  }
  for (const instance of left) {
    const known = programs.get(instance.name) ?? {
      name: instance.name,
      role: instance.name === 'gateway' ? 'gateway' : 'service',
      instances: [],
      canControl: false,
      ...trafficOf(instance.name, traffic),
    };
    known.instances.push(registeredView(instance, registry.failedChecks, nowMs));
    programs.set(instance.name, known);
  }
  return [...programs.values()].map((program) => ({ ...program, state: worstOf(program.instances) }));
}

function trafficOf(name: string, traffic: KnownFleet['traffic']): Pick<ProgramView, 'traffic'> {
  const own = traffic.get(name);
  return own === undefined ? {} : { traffic: own };
}

function worstOf(instances: readonly InstanceView[]): InstanceState {
  return worstFirst.find((state) => instances.some((instance) => instance.state === state)) ?? 'unknown';
}

/** The record of a process: by its id, which the supervisor gives, else by where it serves. */
function instanceOf(process: ProcessReport, instances: readonly ServiceInstance[]): ServiceInstance | undefined {
  const own = instances.filter(({ name }) => name === process.program);
  return own.find(({ id }) => id === process.name) ?? own.find(({ port }) => port !== 0 && port === process.port);
}

function processView(
  process: ProcessReport,
  instance: ServiceInstance | undefined,
  failed: readonly FailedCheck[],
  fleetVersion: string | undefined,
): InstanceView {
  const own = processState(process);
  const seen = own === 'healthy' && instance !== undefined ? registeredState(instance, failed) : undefined;
  const why = seen?.why ?? reasonOf(process);
  const version = instance?.metadata['version'] ?? (process.role === 'service' ? undefined : fleetVersion);
  return {
    name: process.name,
    ...(instance === undefined ? {} : { instanceId: instance.id }),
    state: seen?.state ?? own,
    ...(why === undefined ? {} : { why }),
    ...(process.url === null || process.url === '' ? {} : { url: process.url }),
    ...(process.pid === null ? {} : { pid: process.pid }),
    ...(version === undefined ? {} : { version }),
    ...(process.uptimeMs === null ? {} : { uptimeMs: process.uptimeMs }),
    restarts: process.restarts,
    ...(process.cpuPercent === null ? {} : { cpuPercent: process.cpuPercent }),
    ...(process.memoryBytes === null ? {} : { memoryBytes: process.memoryBytes }),
  };
}

function processState({ state }: ProcessReport): InstanceState {
  switch (state) {
    case 'waiting':
    case 'starting':
      return 'starting';
    case 'ready':
      return 'healthy';
    case 'restarting':
    case 'stopping':
    case 'stopped':
    case 'ended':
    case 'misconfigured':
      return state;
    case 'done':
      return 'stopped';
    default:
      return state satisfies never;
  }
}

/** What the supervisor says; one of an earlier release says it in English alone. */
function reasonOf({ why, whyIn }: ProcessReport): Sentence | undefined {
  return why === null ? undefined : { en: why, zh: whyIn?.['zh-CN'] ?? why };
}

/** An instance that somebody else runs. */
function registeredView(instance: ServiceInstance, failed: readonly FailedCheck[], nowMs: number): InstanceView {
  const { state, why } = registeredState(instance, failed);
  const version = instance.metadata['version'];
  const sinceMs = Date.parse(instance.registered_at);
  return {
    name: instance.id,
    instanceId: instance.id,
    state,
    ...(why === undefined ? {} : { why }),
    ...(instance.port === 0 ? {} : { url: `http://${authorityOf(instance)}` }),
    ...(version === undefined ? {} : { version }),
    ...(Number.isNaN(sinceMs) ? {} : { uptimeMs: Math.max(0, nowMs - sinceMs) }),
  };
}

function registeredState(
  instance: ServiceInstance,
  failed: readonly FailedCheck[],
): { readonly state: InstanceState; readonly why?: Sentence } {
  const checks = failed.filter(({ service, instanceId }) => service === instance.name && instanceId === instance.id);
  // What checks say is their own, in whatever language.
  const said = (silent: string): string =>
    checks.map(({ check, output }) => `${check}: ${output === '' ? silent : output}`).join('; ');
  const outputs: Sentence = { en: said('it does not pass'), zh: said('未通过') };
  const { status } = instance;
  const why: Sentence =
    checks.length > 0
      ? outputs
      : { en: `its status in the registry is ${status}`, zh: `它在注册中心的状态为 ${status}` };
  if (instance.draining)
    return {
      state: 'draining',
      why: {
        en: 'it finishes what it has begun, and gets no new requests',
        zh: '它只完成已开始的请求，不再接收新请求',
      },
    };
  const { suspect_since: since } = instance;
  if (since !== undefined)
    return {
      state: 'degraded',
      why: { en: `the registry has heard nothing of it since ${since}`, zh: `注册中心自 ${since} 起未再收到它的消息` },
    };
  switch (status) {
    case 'passing':
      return { state: 'healthy' };
    case 'warning':
      return { state: 'degraded', why };
    case 'critical':
      return { state: 'unhealthy', why };
    case 'maintenance':
      return {
        state: 'draining',
        why: checks.length > 0 ? outputs : { en: 'it is in maintenance', zh: '它处于维护状态' },
      };
    default:
      return status satisfies never;
  }
}
