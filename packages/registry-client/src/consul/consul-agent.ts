import { addressKind } from '@flotilla/contracts';
import { z } from 'zod';
import { askRegistry, jsonIn, type RegistryHttp } from '../http/registry-http.ts';
import type { ClientLogger } from '../retry/outage-log.ts';

const selfSchema = z.object({ Member: z.object({ Addr: z.string() }) });

/** What an agent says about itself: `denied` where it wants another token for that, undefined where it cannot be asked. */
type AgentSelf = { readonly address: string } | 'denied' | undefined;

async function askAgent(http: RegistryHttp, signal: AbortSignal): Promise<AgentSelf> {
  try {
    return await http.addresses.tryInTurn(signal, async (base) => {
      const answer = await askRegistry(http, { method: 'GET', url: new URL('v1/agent/self', base), signal });
      if (answer.status === 403) return 'denied';
      return answer.status === 200 ? { address: selfSchema.parse(jsonIn(answer.body)).Member.Addr } : undefined;
    });
  } catch {
    // It is asked for the sake of a warning only.
    return undefined;
  }
}

/** Before 1.11 Consul shows an empty list if the token may not read a service, so the log says what that may mean. */
export async function warnIfHidden(http: RegistryHttp, logger: ClientLogger, signal: AbortSignal): Promise<void> {
  if (Object.keys(http.credentials).length > 0 || (await askAgent(http, signal)) !== 'denied') return;
  logger.warn(
    {},
    'Consul has ACLs and is shown no token: services that may not be read look as if they had no instances. Set REGISTRY_TOKEN',
  );
}

/** An agent on this machine tells other machines what they cannot reach. */
export async function warnIfUnreachable(
  http: RegistryHttp,
  logger: ClientLogger,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  if (addressKind(address) !== 'loopback') return;
  const self = await askAgent(http, signal);
  if (self === undefined || self === 'denied' || addressKind(self.address) === 'loopback') return;
  logger.warn(
    { address, agent: self.address },
    'registered with an address that only this machine can reach, at a Consul that other machines ask. Set SERVER_HOST to 0.0.0.0 or to an address of this machine, and ADVERTISE_ADDRESS to what callers can reach',
  );
}
