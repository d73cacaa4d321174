import type { Logger } from '@flotilla/kit/logger';
import type { Notice } from '@flotilla/registry';

/** Writes what an operator should be able to find. */
export function logNotice(logger: Pick<Logger, 'info' | 'warn'>, notice: Notice): void {
  switch (notice.kind) {
    case 'place-taken': {
      const { instance, by } = notice;
      const fields = { name: instance.name, id: instance.id, newName: by.name, newId: by.id };
      const place = { address: by.address, port: by.port };
      logger.warn(
        { ...fields, ...place },
        'instance removed: another service has registered its address and port. If both run, correct the address or port that one of them announces',
      );
      return;
    }
    case 'lost':
      logger.warn(
        { name: notice.name, id: notice.id, doing: notice.doing },
        'a process uses a registration that a newer one has replaced: two processes have the same instance id, or announce the same address and port',
      );
      return;
    case 'check': {
      const { kind: _, ...fields } = notice;
      const level = notice.status === 'critical' ? 'warn' : 'info';
      logger[level](fields, `a check of the instance is ${notice.status}`);
      return;
    }
    case 'critical-too-long': {
      const { kind: _, ...fields } = notice;
      logger.warn(fields, 'instance removed: a check of it was critical for as long as its definition allows');
      return;
    }
    case 'silence':
      logger.warn(
        "most machines have fallen silent together, which may be the fault of the registry's own network: checks do not believe it for up to 5 minutes",
      );
      return;
    case 'silence-over':
      logger.info('checks believe again that silent machines are down');
      return;
    case 'forced':
      logger.warn({ name: notice.name, id: notice.id }, 'instance deregistered by force, not by its process');
      return;
    case 'guard-opened': {
      const { why, until } = notice.view;
      logger.warn(
        { why, until },
        'too many instances fell silent at once: they are kept, and shown as suspect, until they are heard of again, or until then. If they run, look at the network, the load and the clock of this machine',
      );
      return;
    }
    case 'guard-closed': {
      const { since, why, returned, removed } = notice.end;
      logger.warn({ since, why, returned, removed }, 'instances that are silent are removed as usual again');
      return;
    }
    case 'maintenance':
      logger.info({ name: notice.name, id: notice.id }, 'an operator has put the instance into maintenance');
      return;
    case 'maintenance-ended':
      logger.info({ name: notice.name, id: notice.id }, 'an operator has ended the maintenance of the instance');
      return;
    default:
      notice satisfies never;
  }
}
