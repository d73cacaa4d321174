import type { Resource } from '@flotilla/kit/otlp';
import type { ResourceRecord } from '../store/index.ts';
import { readAttributes } from './read-values.ts';

const maxNameChars = 256;

/** Who sent something. Without a name it is called as OpenTelemetry's SDKs call it. */
export function readResource(resource: Resource | undefined): ResourceRecord {
  const attributes = readAttributes(resource?.attributes ?? []);
  const name = attributes['service.name'];
  const instanceId = attributes['service.instance.id'];
  return {
    service: typeof name === 'string' && name !== '' ? name.slice(0, maxNameChars) : 'unknown_service',
    instanceId: typeof instanceId === 'string' && instanceId !== '' ? instanceId.slice(0, maxNameChars) : undefined,
    attributes,
  };
}
