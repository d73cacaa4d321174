import { clientNetwork } from '@flotilla/contracts';
import type { EngineLimits } from '../../config/limits.ts';
import type { TrustedProxies } from '../../headers/trusted-proxies.ts';
import type { CountedPlace } from '../sides/incoming-request.ts';

/** Which limit a connection met. */
export type ConnectionLimit = 'connections' | 'connectionsPerClient' | 'openFiles';

export interface AdmissionLimits extends Pick<EngineLimits, 'connections' | 'connectionsPerClient'> {
  /** Connections of any kind for which there are file descriptors. */
  readonly openFiles: number;
}

/** The place of an accepted connection in the counts. */
export interface ConnectionPlace extends CountedPlace {
  /** It has closed. */
  release(): void;
}

/** Counts the connections of clients over all listeners of an engine. Long-lived ones take nothing from the others. */
export class ClientAdmission {
  readonly #limits: AdmissionLimits;
  /** Exempt from the limit per client: many clients stand behind one of them. */
  readonly #trusted: TrustedProxies;
  readonly #perClient = new Map<string, number>();
  #size = 0;
  #longLived = 0;

  constructor(limits: AdmissionLimits, trusted: TrustedProxies) {
    this.#limits = limits;
    this.#trusted = trusted;
  }

  /** Open connections. */
  get size(): number {
    return this.#size;
  }

  /** A place for a new connection from `address`, or the limit that it meets. */
  admit(address: string): ConnectionPlace | ConnectionLimit {
    const { connections, connectionsPerClient, openFiles } = this.#limits;
    if (this.#size >= openFiles) return 'openFiles';
    if (this.#size - this.#longLived >= connections) return 'connections';
    const client = clientNetwork(address);
    if ((this.#perClient.get(client) ?? 0) >= connectionsPerClient && !this.#trusted.trusts(address)) {
      return 'connectionsPerClient';
    }
    this.#size += 1;
    this.#count(client, 1);
    let [longLived, released] = [false, false];
    const setLongLived = (wanted: boolean): void => {
      if (released || wanted === longLived) return;
      longLived = wanted;
      this.#longLived += wanted ? 1 : -1;
      this.#count(client, wanted ? -1 : 1);
    };
    return {
      setLongLived,
      release: () => {
        if (released) return;
        setLongLived(false);
        released = true;
        this.#size -= 1;
        this.#count(client, -1);
      },
    };
  }

  #count(client: string, change: number): void {
    const count = (this.#perClient.get(client) ?? 0) + change;
    if (count === 0) this.#perClient.delete(client);
    else this.#perClient.set(client, count);
  }
}
