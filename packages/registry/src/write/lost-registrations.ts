import type { ServiceCatalog } from '../catalog/service-catalog.ts';

/** Who has taken the place of a registration. */
export interface Winner {
  readonly name: string;
  readonly id: string;
  readonly token?: string | undefined;
}

/** The most registrations remembered; what is forgotten may register again, and then is the newer one. */
const maxRemembered = 4_096;

/**
 * The registrations whose place newer ones have taken, by their tokens. A process that has lost is told so for as
 * long as the winner is there; without this it would be told that it was forgotten, register again, and the two would
 * replace each other for ever. In memory only: after a restart the loser may win once.
 */
export class LostRegistrations {
  readonly #catalog: ServiceCatalog;
  readonly #winners = new Map<string, Winner>();

  constructor(catalog: ServiceCatalog) {
    this.#catalog = catalog;
  }

  /** `winner` has taken the place of the registration of that token. */
  add(token: string | undefined, winner: Winner): void {
    if (winner.token !== undefined) this.#winners.delete(winner.token);
    if (token === undefined || token === winner.token) return;
    this.#winners.set(token, winner);
    if (this.#winners.size <= maxRemembered) return;
    const [oldest] = this.#winners.keys();
    if (oldest !== undefined) this.#winners.delete(oldest);
  }

  /** Who has the place of the registration of that token, as long as it is there; undefined if nobody has. */
  winnerOver(token: string | undefined): Winner | undefined {
    if (token === undefined) return undefined;
    const winner = this.#winners.get(token);
    if (winner === undefined) return undefined;
    const entry = this.#catalog.get(winner.name, winner.id);
    if (entry !== undefined && !entry.lapsed && entry.record.token !== token) return winner;
    this.#winners.delete(token);
    return undefined;
  }
}
