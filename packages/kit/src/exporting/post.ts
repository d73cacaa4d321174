/** What came of sending a message once. */
export type PostResult =
  /** `answer`: the message that the receiver answered with, in the same encoding. */
  | { readonly kind: 'sent'; readonly answer: Buffer }
  | {
      readonly kind: 'failed';
      /** Whether it may go well another time. */
      readonly retry: boolean;
      readonly reason: string;
      /** When the receiver wants to be asked again. */
      readonly afterMs?: number | undefined;
    };

/** A way to send messages of OTLP. */
export interface Post {
  /** How messages have to be written. */
  readonly encoding: 'protobuf' | 'json';
  /** Sends one message, once. Gives up when `signal` aborts. Never rejects. */
  send(message: Buffer, signal: AbortSignal): Promise<PostResult>;
  close(): void;
}
