/**
 * Why a request of Consul's API is refused, as its clients are told: a status, and a text of one line. Consul answers with texts
 * where we answer with problem documents, and with statuses of its own: a data center that it does not know is a 500.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** A body that cannot be decoded. */
export function notDecoded(why: string): Refusal {
  return new Refusal(400, `Request decode failed: ${why}`);
}
