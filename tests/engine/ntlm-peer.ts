import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What is known of a connection. */
interface Login {
  challenged: boolean;
  user: string | undefined;
}

/** A server of node:http that logs its users in as NTLM does: by connection. Passwords are not looked at. */
export interface NtlmPeer extends AsyncDisposable {
  readonly port: number;
}

export async function ntlmPeer(): Promise<NtlmPeer> {
  const logins = new WeakMap<Socket, Login>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const login = logins.get(request.socket) ?? { challenged: false, user: undefined };
    logins.set(request.socket, login);
    const message = messageOf(request.headers.authorization);
    request.resume();
    if (message?.type === 1) {
      login.challenged = true;
      login.user = undefined;
      response.writeHead(401, { 'WWW-Authenticate': `NTLM ${challenge()}` }).end();
      return;
    }
    // The last message counts only where the challenge was given.
    if (message?.type === 3 && login.challenged) login.user = message.user;
    if (login.user === undefined) response.writeHead(401, { 'WWW-Authenticate': 'NTLM' }).end();
    else response.end(`${login.user}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: portOf(server), [Symbol.asyncDispose]: () => close(server) };
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** MS-NLMP, 2.2.1: signature, type, and in the third message the user's name, in one byte or two for each character. */
function messageOf(authorization: string | undefined): { type: number; user: string } | undefined {
  const [, token] = /^NTLM (.+)$/.exec(authorization ?? '') ?? [];
  if (token === undefined) return undefined;
  const bytes = Buffer.from(token, 'base64');
  if (bytes.toString('latin1', 0, 8) !== 'NTLMSSP\0') return undefined;
  const type = bytes.readUInt32LE(8);
  if (type !== 3) return { type, user: '' };
  const [length, offset] = [bytes.readUInt16LE(36), bytes.readUInt32LE(40)];
  return { type, user: bytes.toString('latin1', offset, offset + length).replaceAll('\0', '') };
}

/** MS-NLMP, 2.2.1.2: the second message, with a challenge that is always the same. */
function challenge(): string {
  const bytes = Buffer.alloc(48);
  bytes.write('NTLMSSP\0', 'latin1');
  bytes.writeUInt32LE(2, 8);
  bytes.writeUInt32LE(48, 16);
  // Unicode, NTLM.
  bytes.writeUInt32LE(0x201, 20);
  bytes.write('01234567', 24);
  return bytes.toString('base64');
}
