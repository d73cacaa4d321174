import { type GrpcStatus, grpcStatuses } from '@flotilla/contracts';

/** What ends a call, in the words of gRPC. */
export type StatusName = 'OK' | GrpcStatus;

/** The names of all statuses in the order of their numbers. */
const names: readonly StatusName[] = ['OK', ...grpcStatuses];

const numbers: ReadonlyMap<StatusName, number> = new Map(names.map((name, index) => [name, index]));

/** The number of a status on the wire. */
export function statusNumber(name: StatusName): number {
  return numbers.get(name) ?? 2;
}

/** The status with this number; `UNKNOWN` for numbers that are none. */
export function statusName(number: number): StatusName {
  return names[number] ?? 'UNKNOWN';
}
