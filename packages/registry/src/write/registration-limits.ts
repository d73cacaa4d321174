import { AppError } from '@flotilla/contracts';
import { type Amount, type Counted, sum, Usage } from '../catalog/usage.ts';

/**
 * How much may be registered. The defaults let 10 000 instances behind one address (a NAT, a proxy, one large machine)
 * register, with 1.6 kB of metadata each, and keep a snapshot of a full registry below the 64 MiB that clients take.
 */
export interface RegistrationLimits {
  /** The most instances in all. Default 50 000. */
  readonly maxInstances: number;
  /** The most instances of one service. Default 20 000. */
  readonly maxInstancesPerService: number;
  /** The most instances that one client registers: an IPv4 address, or the /64 network of an IPv6 one. Default 20 000. */
  readonly maxInstancesPerClient: number;
  /** The most bytes of tags and metadata in all. Default 33 554 432, 32 MiB. */
  readonly maxMetadataBytes: number;
  /** The most bytes of tags and metadata of one service. Default 16 777 216, 16 MiB. */
  readonly maxMetadataBytesPerService: number;
  /** The most bytes of tags and metadata that one client registers. Default 16 777 216, 16 MiB: half of what there is. */
  readonly maxMetadataBytesPerClient: number;
}

export const defaultLimits: RegistrationLimits = {
  maxInstances: 50_000,
  maxInstancesPerService: 20_000,
  maxInstancesPerClient: 20_000,
  maxMetadataBytes: 33_554_432,
  maxMetadataBytesPerService: 16_777_216,
  maxMetadataBytesPerClient: 16_777_216,
};

/** The amounts that limits are compared with. */
type Amounts = Pick<Usage, 'total' | 'ofService' | 'ofClient'>;

/**
 * Refuses a registration that would make more than there may be. One that adds nothing to what is over its limit (because
 * it was lowered) is let through: nobody who is registered is turned away.
 *
 * @param present what there is
 * @param counted what the registration makes (1), and what that takes the place of (-1)
 * @throws {AppError} REGISTRATION_LIMIT
 */
export function refuseBeyond(
  limits: RegistrationLimits,
  present: Amounts,
  counted: readonly (readonly [Counted, 1 | -1])[],
): void {
  const change = new Usage();
  for (const [each, times] of counted) change.count(each, times);
  const next = counted.findLast(([, times]) => times === 1)?.[0];
  if (next === undefined) return;
  const { name, client } = next;
  const scopes: [who: string, suffix: '' | 'PerService' | 'PerClient', now: Amount, change: Amount][] = [
    ['All services together have', '', present.total, change.total],
    [`The service ${name} has`, 'PerService', present.ofService(name), change.ofService(name)],
  ];
  if (client !== undefined)
    scopes.push([`The client ${client} has`, 'PerClient', present.ofClient(client), change.ofClient(client)]);
  for (const [who, suffix, now, more] of scopes) {
    const then = sum(now, more);
    const maxInstances = limits[`maxInstances${suffix}`];
    if (more.instances > 0 && then.instances > maxInstances)
      throw beyond(`maxInstances${suffix}`, maxInstances, `${who} ${now.instances} instances`);
    const maxBytes = limits[`maxMetadataBytes${suffix}`];
    if (more.bytes > 0 && then.bytes > maxBytes)
      throw beyond(
        `maxMetadataBytes${suffix}`,
        maxBytes,
        `${who} ${now.bytes} bytes of tags and metadata, and this registration adds ${more.bytes}`,
      );
  }
}

function beyond(option: keyof RegistrationLimits, limit: number, detail: string): AppError {
  // The program's setting has the option's name, as environment variables are written.
  const setting = option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return new AppError('REGISTRATION_LIMIT', { parameters: { setting, limit }, detail });
}
