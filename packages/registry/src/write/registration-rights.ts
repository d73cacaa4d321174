import { AppError } from '@flotilla/contracts';
import type { ServiceCatalog } from '../catalog/service-catalog.ts';
import type { InstanceValue } from '../record/instance.ts';
import { LostRegistrations, type Winner } from './lost-registrations.ts';

/** Who asks for what, about which instance. */
export interface Claim {
  readonly name: string;
  readonly id: string;
  /** What the caller shows; undefined if nothing. */
  readonly token: string | undefined;
  /** For the log: `renew`. */
  readonly doing: string;
}

/** The most losers remembered as told; after that they may be told of once more. */
const maxTold = 4_096;

/**
 * Who may act for a registration: whoever shows its token, or anybody if it has none, as those of programs that know of
 * no tokens.
 */
export class RegistrationRights {
  readonly #lost: LostRegistrations;
  readonly #onLost: (claim: Claim) => void;
  readonly #told = new Set<string>();

  /** @param onLost called once for each registration whose process acts though a newer one has taken its place */
  constructor(catalog: ServiceCatalog, onLost: (claim: Claim) => void) {
    this.#lost = new LostRegistrations(catalog);
    this.#onLost = onLost;
  }

  /** A registration has taken the place of `losers`. */
  taken(winner: Winner, losers: readonly (InstanceValue | undefined)[]): void {
    for (const loser of losers) if (loser !== undefined) this.#lost.add(loser.token, winner);
  }

  /** @throws {AppError} REGISTRATION_LOST if a newer registration is in the place of the one of the token */
  refuseLost(claim: Claim): void {
    const winner = this.#lost.winnerOver(claim.token);
    if (winner !== undefined) throw this.#lostTo(winner, claim);
  }

  /** @throws {AppError} REGISTRATION_LOST, or REGISTRATION_HELD where nothing is shown */
  requireHolder(record: InstanceValue, claim: Claim): void {
    if (record.token === undefined || record.token === claim.token) return;
    if (claim.token !== undefined) throw this.#lostTo(record, claim);
    throw new AppError('REGISTRATION_HELD', { detail: `${record.name}/${record.id} was registered with a token` });
  }

  #lostTo(winner: Winner, claim: Claim): AppError {
    if (claim.token !== undefined && !this.#told.has(claim.token)) {
      if (this.#told.size >= maxTold) this.#told.clear();
      this.#told.add(claim.token);
      this.#onLost(claim);
    }
    return new AppError('REGISTRATION_LOST', { detail: `${winner.name}/${winner.id} has replaced it` });
  }
}
