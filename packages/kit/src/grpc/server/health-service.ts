import { AppError } from '@flotilla/contracts';
import type { Health } from '../../health/index.ts';
import {
  HealthCheckResponse_ServingStatus,
  Health as HealthDescriptor,
} from '../generated/grpc/health/v1/health_pb.ts';
import type { GrpcCall } from './grpc-call.ts';
import { type ImplementedService, implement } from './implement.ts';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;
type Status = typeof SERVING | typeof NOT_SERVING | typeof SERVICE_UNKNOWN;

/**
 * gRPC's health service: what `/ready` says, for the whole server (the empty name) and for each of its services.
 *
 * @param names the full names of the services
 */
export function healthService(health: Health, names: ReadonlySet<string>): ImplementedService {
  const knows = (name: string): boolean => name === '' || name === HealthDescriptor.typeName || names.has(name);
  const status = async (): Promise<Status> => ((await health.readiness()).ready ? SERVING : NOT_SERVING);
  return implement(
    HealthDescriptor,
    {
      async check({ service }) {
        if (!knows(service)) throw new AppError('NOT_FOUND', { detail: `This server has no service "${service}".` });
        return { status: await status() };
      },
      async *watch({ service }, call) {
        let sent: Status | undefined;
        for await (const _ of changes(health, call)) {
          const now = knows(service) ? await status() : SERVICE_UNKNOWN;
          if (now !== sent) yield { status: now };
          sent = now;
        }
        // An endless call would hold up the stop; the watcher asks another server, or this one once it is back.
        if (call.draining.aborted) {
          if (sent === SERVING) yield { status: NOT_SERVING };
          throw new AppError('SHUTTING_DOWN');
        }
      },
    },
    // Probes come every few seconds.
    { logLevel: 'debug' },
  );
}

/** Yields at once, and after changes of `health`: those that come together once. Ends with the call, and when the server drains. */
async function* changes(health: Health, call: GrpcCall): AsyncGenerator<void> {
  let wake: (() => void) | undefined;
  let changed = true;
  const look = (): void => {
    changed = true;
    wake?.();
  };
  const ends = [call.signal, call.draining];
  const stop = health.onChange(look);
  for (const signal of ends) signal.addEventListener('abort', look);
  try {
    while (ends.every(({ aborted }) => !aborted)) {
      if (changed) {
        changed = false;
        yield;
      } else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stop();
    for (const signal of ends) signal.removeEventListener('abort', look);
  }
}
