import type { Socket } from 'node:net';
import { maxUnsentBytes } from '../memory/back-pressure.ts';
import type { ClientTunnel } from '../sides/client-side.ts';
import type { TunnelEnd } from '../sides/tunnel-end.ts';
import type { PendingInput } from './pending-input.ts';

/**
 * Makes a client's connection one end of a tunnel: what comes from it goes to `peer` from now on. Whoever owned it before
 * leaves its bytes alone, but still hears when it closes, and closes the tunnel.
 *
 * @param pending what has come behind the request
 */
export function socketTunnel(socket: Socket, peer: TunnelEnd, pending: PendingInput): ClientTunnel {
  socket.on('data', (bytes: Buffer) => peer.onPeerBytes(bytes));
  socket.on('drain', () => peer.onPeerWritable());
  socket.on('end', () => peer.onPeerEnd());
  socket.resume();
  if (!pending.empty) peer.onPeerBytes(pending.take());
  return {
    write: (bytes) => void socket.write(bytes),
    get backedUp() {
      return socket.writableLength >= maxUnsentBytes;
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}
