import type { ErrorKind } from '@flotilla/contracts';

/** Fields of a record or a request, by the names of the `.proto` file: whole numbers and texts. */
export type Fields = Readonly<Record<string, string | number | bigint>>;

/** Options of a write, in each protocol's own way: a header, a field of the message, or metadata. */
export interface WriteOptions {
  /** The tag of what was read. */
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** What came of a request, in words that are the same in all protocols. */
export type Outcome =
  | { readonly kind: 'record'; readonly record: Fields; readonly etag: string; readonly replayed: boolean }
  | { readonly kind: 'page'; readonly records: readonly Fields[]; readonly next: string }
  | { readonly kind: 'removed' }
  | {
      readonly kind: 'refused';
      readonly code: string;
      /** The number of gRPC's status: what was sent, or what the table of errors says of HTTP's code. */
      readonly status: number;
      readonly title: string;
      /** The names of the fields that are wrong, in order, and what is wrong with each. */
      readonly fields: readonly string[];
      readonly retryAfterS: number | undefined;
    };

/** Talks to a service that keeps records, in one protocol. */
export interface Speaker {
  readonly protocol: string;
  get(id: number | bigint): Promise<Outcome>;
  /** `filter`: fields that the records of the page have. */
  list(page: { readonly size?: number; readonly token?: string }, filter?: Fields): Promise<Outcome>;
  add(fields: Fields, options?: WriteOptions): Promise<Outcome>;
  change(id: number | bigint, fields: Fields, options?: WriteOptions): Promise<Outcome>;
  remove(id: number | bigint, options?: WriteOptions): Promise<Outcome>;
  /** Anything else that is done to one record: `cancel`. */
  act(action: string, id: number | bigint, options?: WriteOptions): Promise<Outcome>;
}

/** What has to be known of a service. */
export interface SpokenService {
  /** All errors that it answers with, besides the core's. */
  readonly errors: Readonly<Record<string, ErrorKind>>;
  /** Language of messages. Default English. */
  readonly language?: string;
}

/** The name of a field without the signs for where it was, so that those of two protocols can be compared. */
export function plainName(field: string): string {
  return field
    .replace(/^[/?{]+|\}$/g, '')
    .replaceAll('-', '_')
    .toLowerCase();
}
