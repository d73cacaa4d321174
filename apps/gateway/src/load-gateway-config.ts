import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkGatewayConfig, type GatewayConfig } from '@flotilla/gateway';
import { ConfigurationError } from '@flotilla/kit/config';

/**
 * Loads the file of routes: a TypeScript or JavaScript module that exports `gateway`.
 *
 * @throws ConfigurationError naming the file and everything that is wrong with it
 */
export async function loadGatewayConfig(file: string): Promise<GatewayConfig> {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) {
    throw new ConfigurationError(
      `cannot find the file ${absolute}. Write your routes there, or set GATEWAY_CONFIG to the file that contains them.`,
    );
  }
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(absolute).href);
  } catch (error) {
    throw new ConfigurationError(`cannot load ${absolute}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof loaded !== 'object' || loaded === null || !('gateway' in loaded)) {
    throw new ConfigurationError(`${absolute} must export "gateway": export const gateway = defineGateway({ … })`);
  }
  const checked = checkGatewayConfig(loaded.gateway);
  if (checked.ok) return checked.config;
  const list = checked.problems.map((problem) => `  - ${problem}`).join('\n');
  throw new ConfigurationError(`${absolute} is not a valid configuration:\n${list}`);
}
