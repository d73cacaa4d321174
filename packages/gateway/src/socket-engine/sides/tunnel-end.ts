/** The other end of a switched connection. */
export interface TunnelEnd {
  onPeerBytes(bytes: Buffer): void;
  onPeerWritable(): void;
  /** The peer has sent its last byte. */
  onPeerEnd(): void;
  onPeerClosed(): void;
}
