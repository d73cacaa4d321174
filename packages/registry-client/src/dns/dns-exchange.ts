import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Clock } from '@flotilla/contracts';
import type { HostAndPort } from '@flotilla/contracts/registry-urls';
import { startDeadline } from '@flotilla/contracts/time';
import { type DnsAnswer, decodeAnswer, encodeQuestion } from './dns-message.ts';

/** A packet may be lost: then the question is sent again. */
const resendAfterMs = 1_000;

/** One question for one name server. */
export interface DnsQuestion {
  readonly server: HostAndPort;
  readonly name: string;
  readonly type: number;
  readonly clock: Clock;
  /** For all of it, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks over TCP, and over UDP where the server takes no TCP: some servers, Consul among them, leave records out of an
 * answer that does not fit into a packet, and do not say so. Rejects when no answer comes in time.
 */
export async function askNameServer(question: DnsQuestion): Promise<DnsAnswer> {
  const { clock, timeoutMs, signal } = question;
  const deadline = startDeadline({ clock, afterMs: timeoutMs, signal });
  try {
    return (await overTcpIfPossible(question, deadline.signal)) ?? (await overUdp(question, deadline.signal));
  } catch (error) {
    throw deadline.exceeded ? new Error(`the name server did not answer within ${timeoutMs} ms`) : error;
  } finally {
    deadline.cancel();
  }
}

/** Undefined: there is no TCP here, as far as half of the time tells. */
async function overTcpIfPossible(question: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer | undefined> {
  const half = startDeadline({ clock: question.clock, afterMs: question.timeoutMs / 2, signal });
  try {
    return await overTcp(question, half.signal);
  } catch (error) {
    const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
    if (isRefused || half.exceeded) return undefined;
    throw error;
  } finally {
    half.cancel();
  }
}

function overUdp({ server, name, type, clock }: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer> {
  return new Promise((resolve, reject) => {
    const id = randomInt(0x1_0000);
    const bytes = encodeQuestion(id, name, type);
    // A socket, and so a port, of its own for each question: harder to guess for an attacker who would answer in the server's place.
    const socket = createSocket(server.host.includes(':') ? 'udp6' : 'udp4');
    let resend = clock.after(resendAfterMs, send);
    const finish = (end: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      resend.cancel();
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.close();
      end();
    };
    const onAbort = (): void => finish(() => reject(signal.reason));
    function send(): void {
      socket.send(bytes);
      resend = clock.after(resendAfterMs, send);
    }
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('message', (message) => {
      // What is no answer to this question is somebody else's, or nobody's.
      if (!isAnswerTo(message, id)) return;
      finish(() => {
        try {
          const answer = checked(decodeAnswer(message), name, type);
          if (answer.isTruncated)
            throw new Error('the answer does not fit into a packet, and the name server takes no TCP');
          resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    // Connected, so that the system drops what others send, and tells when nobody listens there.
    socket.connect(server.port, server.host, () => socket.send(bytes));
  });
}

function overTcp({ server, name, type }: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer> {
  return new Promise((resolve, reject) => {
    const id = randomInt(0x1_0000);
    const question = encodeQuestion(id, name, type);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    const socket = connect({ ...server, signal });
    const chunks: Buffer[] = [];
    const finish = (end: () => void): void => {
      socket.destroy();
      end();
    };
    socket.on('error', (error) => finish(() => reject(signal.aborted ? signal.reason : error)));
    socket.on('close', () => reject(new Error('the name server closed the connection before its answer')));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE(0)) return;
      finish(() => {
        try {
          const answer = decodeAnswer(bytes.subarray(2, 2 + bytes.readUInt16BE(0)));
          if (answer.id !== id) throw new Error('the name server answered another question');
          resolve(checked(answer, name, type));
        } catch (error) {
          reject(error);
        }
      });
    });
    socket.write(Buffer.concat([length, question]));
  });
}

function isAnswerTo(message: Buffer, id: number): boolean {
  return message.length >= 12 && message.readUInt16BE(0) === id;
}

/** Some servers leave the question out of an error. */
function checked(answer: DnsAnswer, name: string, type: number): DnsAnswer {
  const { question } = answer;
  if (question !== undefined && (question.name !== name.toLowerCase() || question.type !== type))
    throw new Error('the name server answered another question');
  return answer;
}
