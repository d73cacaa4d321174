import type { Socket } from 'node:net';
import { maxUnsentBytes } from '../memory/back-pressure.ts';

/** What happens on one end of a tunnel, told to the other. */
export interface TunnelEnd {
  onPeerBytes(bytes: Buffer): void;
  onPeerWritable(): void;
  /** The peer has sent its last byte. */
  onPeerEnd(): void;
  onPeerClosed(): void;
}

/** One end of a tunnel, as the other uses it. */
export interface TunnelSide {
  write(bytes: Buffer): void;
  /** Whether so much waits to leave that the sender should stop until `onPeerWritable`. */
  readonly backedUp: boolean;
  pause(): void;
  resume(): void;
  end(): void;
  destroy(): void;
}

/** Makes a socket one end of a tunnel: what comes from it goes to `peer` from now on. Who owned it hears when it closes. */
export function tunnelThrough(socket: Socket, peer: TunnelEnd): TunnelSide {
  socket.on('data', (bytes: Buffer) => peer.onPeerBytes(bytes));
  socket.on('drain', () => peer.onPeerWritable());
  socket.on('end', () => peer.onPeerEnd());
  socket.resume();
  return tunnelSideOf(socket, () => void socket.destroy());
}

/** The end that a socket is. */
export function tunnelSideOf(socket: Socket, destroy: () => void): TunnelSide {
  return {
    write(bytes) {
      // One that takes no bytes any more may still have some to say.
      if (socket.errored === null) socket.write(bytes);
    },
    get backedUp() {
      return socket.writableLength >= maxUnsentBytes;
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    destroy,
  };
}
