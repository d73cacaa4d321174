/** What somebody tells everybody, as Consul's clients are shown it. */
export interface UserEvent {
  /** A UUID. */
  readonly ID: string;
  readonly Name: string;
  /** In base64; null if there is none. */
  readonly Payload: string | null;
  readonly NodeFilter: string;
  readonly ServiceFilter: string;
  readonly TagFilter: string;
  readonly Version: 1;
  /** Which one it is, counted from 1. */
  readonly LTime: number;
}

/** How many are kept, as in Consul. */
const maxEvents = 256;

/** The last events. They are forgotten at the end of the process, as Consul's agents forget them. */
export class UserEvents {
  #events: readonly UserEvent[] = [];
  #count = 0;

  fire(event: Omit<UserEvent, 'Version' | 'LTime'>): UserEvent {
    this.#count += 1;
    const fired = { ...event, Version: 1, LTime: this.#count } as const;
    this.#events = [...this.#events, fired].slice(-maxEvents);
    return fired;
  }

  /** @param name only those of this name. Default: all */
  list(name: string | undefined): readonly UserEvent[] {
    return name === undefined ? this.#events : this.#events.filter((event) => event.Name === name);
  }
}

/** The index of a list of events: that of the last one, made of its id as clients make it. 1 if there is none. */
export function indexOfEvents(events: readonly UserEvent[]): string {
  const id = events.at(-1)?.ID.replaceAll('-', '');
  if (id === undefined) return '1';
  return String(BigInt(`0x${id.slice(0, 16)}`) ^ BigInt(`0x${id.slice(16)}`));
}
