import type { ActiveRegistration, Registrar } from '@flotilla/contracts';
import type { ClientLogger } from '../retry/outage-log.ts';

/**
 * The registrar of kinds that announce nobody: whoever is to be found stands in a list that somebody keeps. An instance
 * counts as acknowledged at once, so that a program waits for nothing.
 *
 * @param what what `REGISTRY_URL` is
 * @param found when callers find the instance
 */
export function unannounced(logger: Pick<ClientLogger, 'info'>, what: string, found: string): Registrar {
  return {
    register({ name, address, port }): ActiveRegistration {
      logger.info(
        { serviceName: name, address, port },
        `not announced: REGISTRY_URL is ${what}. Callers find this instance if ${found}`,
      );
      return {
        acknowledged: Promise.resolve(),
        report() {},
        handOver() {},
        deregister: () => Promise.resolve(),
      };
    },
  };
}
