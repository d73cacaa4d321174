import { type PlacesOf, placesOf } from './fill-in.ts';
import type { GrpcStatus } from './grpc-status.ts';
import type { Translated } from './locale.ts';

/** Everything that is said about an error, on the wire and in the documentation. */
export interface ErrorRow {
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The status over gRPC. */
  readonly grpc: GrpcStatus;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** What the caller reads. `{name}` is replaced by the error's parameter of that name. */
  readonly message: Translated;
  /** A text about the single occurrence, sent as `detail`; with placeholders like the message. Default: none. */
  readonly detail?: Translated;
  /** When it happens, for `docs/errors.md`. */
  readonly cause: string;
  /** What the reader can do about it, for `docs/errors.md`. */
  readonly action: string;
}

/** An error that programs can answer with. `Place`: the names of the places of its texts. */
export interface ErrorKind<Place extends string = string> extends ErrorRow {
  /** Stable; match on this. */
  readonly code: string;
  /** Who defines it: `flotilla`, or the name of a service; undefined of one that another program has sent. */
  readonly owner: string | undefined;
  /** The `type` of its problems (RFC 9457): a URI. */
  readonly type: string;
  /**
   * Of texts that another program has put into words: what it says their language is, empty if it does not say. Default: they
   * are in the language they are asked for in.
   */
  readonly language?: string;
  /** What its texts need. */
  readonly places: readonly Place[];
}

type RowPlaces<Row> =
  | (Row extends { readonly message: { readonly en: infer Text extends string } } ? PlacesOf<Text> : never)
  | (Row extends { readonly detail: { readonly en: infer Text extends string } } ? PlacesOf<Text> : never);

/** The errors that rows define, by their codes. */
export type ErrorKinds<Rows> = { readonly [Code in keyof Rows & string]: ErrorKind<RowPlaces<Rows[Code]>> };

/** The `type` of our own problems: a name, which leads nowhere and so never to a page that has moved. */
export function problemTypeOf(code: string): string {
  return `urn:flotilla:error:${code}`;
}

/** Makes errors of rows. Checks nothing. */
export function kindsOf<const Rows extends Readonly<Record<string, ErrorRow>>>(
  owner: string,
  rows: Rows,
): ErrorKinds<Rows> {
  const kinds = Object.entries(rows).map(([code, row]): [string, ErrorKind] => {
    const places = placesOf(`${row.message.en} ${row.detail?.en ?? ''}`);
    return [code, { ...row, code, owner, type: problemTypeOf(code), places }];
  });
  // One entry was made of each row, under its own code.
  return Object.fromEntries(kinds) as ErrorKinds<Rows>;
}

/** Whether `value` is an {@link ErrorKind}, also one of another copy of this package. */
export function isErrorKind(value: unknown): value is ErrorKind {
  if (typeof value !== 'object' || value === null) return false;
  const { code, type, status, message, places } = value as Partial<Record<keyof ErrorKind, unknown>>; // Only read, and checked here.
  return (
    typeof code === 'string' &&
    typeof type === 'string' &&
    typeof status === 'number' &&
    typeof message === 'object' &&
    Array.isArray(places)
  );
}
