import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { programOnPath } from '../engine/programs.ts';
import { cacheFolder } from './cache-folder.ts';

/** The path of a real Consul: on PATH, or as `install.sh consul` leaves it. */
export function realConsulPath(): string | undefined {
  const cached = join(cacheFolder(), 'consul/usr/bin/consul');
  return programOnPath('consul') ?? (existsSync(cached) ? cached : undefined);
}
