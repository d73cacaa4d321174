import type { SpanKind } from '@flotilla/kit/telemetry';

/** The numbers by which spans are kept: OpenTelemetry's. */
export const kindNumbers: Readonly<Record<SpanKind, number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};

const kinds: readonly (SpanKind | undefined)[] = [undefined, 'internal', 'server', 'client', 'producer', 'consumer'];

/** The kind with this number. */
export function kindOf(number: unknown): SpanKind {
  return (typeof number === 'number' ? kinds[number] : undefined) ?? 'internal';
}
