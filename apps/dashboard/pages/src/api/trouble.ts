/** Why something could not be had from the dashboard. */
export type Trouble =
  /** No answer: the dashboard was stopped, or the network is away. */
  | { readonly kind: 'unreachable' }
  /** The dashboard answered that it cannot. `message` says for people what and why. */
  | { readonly kind: 'refused'; readonly status: number; readonly code?: string; readonly message: string };

/** What the client throws: nothing but troubles. */
export class TroubleError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.kind === 'refused' ? trouble.message : 'No answer from the dashboard');
    this.trouble = trouble;
  }
}

/** The trouble that something thrown tells of; a mistake of ours is thrown on. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof TroubleError) return thrown.trouble;
  throw thrown;
}
