/** The codes of gRPC in their order, each with the status of HTTP that means the same. */
const statuses: readonly (readonly [string, number])[] = [
  ['OK', 200],
  ['CANCELLED', 499],
  ['UNKNOWN', 500],
  ['INVALID_ARGUMENT', 400],
  ['DEADLINE_EXCEEDED', 504],
  ['NOT_FOUND', 404],
  ['ALREADY_EXISTS', 409],
  ['PERMISSION_DENIED', 403],
  ['RESOURCE_EXHAUSTED', 429],
  ['FAILED_PRECONDITION', 400],
  ['ABORTED', 409],
  ['OUT_OF_RANGE', 400],
  ['UNIMPLEMENTED', 501],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DATA_LOSS', 500],
  ['UNAUTHENTICATED', 401],
];

const byName: ReadonlyMap<string, number> = new Map(statuses);

/** The status of HTTP for a code of gRPC, a number or a name; null if there is no such code. */
export function grpcCodeToHttp(code: string | number): number | null {
  const index = typeof code === 'number' ? code : /^\d{1,2}$/.test(code) ? Number(code) : undefined;
  return (index === undefined ? byName.get(String(code).toUpperCase()) : statuses[index]?.[1]) ?? null;
}
