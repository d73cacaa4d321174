/** Where the bytes of one stream of a process go. */
export interface OutputSink {
  push(chunk: Uint8Array): void;
  /** The stream has ended. */
  end(): void;
}
