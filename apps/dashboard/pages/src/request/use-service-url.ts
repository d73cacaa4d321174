import type { Overview } from '@flotilla/dashboard/wire';
import { useResource } from '../app/use-resource.ts';

/** Where a service listens, for a curl command. The gateway's usual address stands in for one that is not known: it can be corrected. */
export function useServiceUrl(service: string | undefined): string {
  const { answer } = useResource<Overview>('/api/overview');
  const programs = answer.kind === 'ready' ? answer.value.programs : [];
  const url = programs.find(({ name }) => name === service)?.instances.find((each) => each.url !== undefined)?.url;
  return url?.replace(/\/$/, '') ?? 'http://127.0.0.1:8080';
}
