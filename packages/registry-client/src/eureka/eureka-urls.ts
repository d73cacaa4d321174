import type { Reading } from '@flotilla/contracts';
import { type PrefixedUrls, readPrefixedUrls } from '../urls/prefixed-urls.ts';

/** Reads `eureka+http://127.0.0.1:8761/eureka`. */
export function readEurekaUrls(text: string): Reading<PrefixedUrls> {
  return readPrefixedUrls(text, { prefix: 'eureka', options: [], pathProblem });
}

function pathProblem(path: string): string | undefined {
  if (path === '/') return 'has no path: most Eureka servers answer below /eureka';
  return /\/apps\/?$/.test(path) ? 'ends in /apps: remove that' : undefined;
}
