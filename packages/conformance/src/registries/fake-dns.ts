import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';

/** A record as a test writes it. */
export type FakeRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: string; readonly ttl?: number }
  | { readonly type: 'CNAME'; readonly target: string; readonly ttl?: number }
  | {
      readonly type: 'SRV';
      readonly priority?: number;
      readonly weight?: number;
      readonly port: number;
      readonly target: string;
      readonly ttl?: number;
    };

/** What a name server says to one question. */
export interface FakeDnsAnswer {
  /** Default 0. */
  readonly code?: number;
  readonly answers?: readonly (FakeRecord & { readonly name?: string })[];
  readonly additionals?: readonly (FakeRecord & { readonly name: string })[];
  /** Seconds: an SOA record with it comes along. */
  readonly negativeTtl?: number;
  readonly isTruncated?: boolean;
  /** Sent instead of all that. */
  readonly bytes?: Buffer;
}

/** A question that a {@link FakeDns} got. */
export interface FakeDnsQuestion {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'SRV' | 'other';
  readonly over: 'tcp' | 'udp';
}

/** A name server that says what a test wants it to, over UDP and TCP on one port of 127.0.0.1. */
export interface FakeDns extends AsyncDisposable {
  readonly port: number;
  readonly questions: readonly FakeDnsQuestion[];
  /** Undefined: it says nothing. */
  answer: (question: FakeDnsQuestion) => FakeDnsAnswer | undefined;
  start(over?: readonly ('tcp' | 'udp')[]): Promise<void>;
  stop(): Promise<void>;
}

const types = { A: 1, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33 } as const;

/** Makes a {@link FakeDns}, which does not listen yet, for a port that is free for both protocols. */
export function fakeDns(port: number): FakeDns {
  const questions: FakeDnsQuestion[] = [];
  let udp: UdpSocket | undefined;
  let tcp: Server | undefined;
  const sockets = new Set<Socket>();
  const reply = (bytes: Buffer, over: 'tcp' | 'udp'): Buffer | undefined => {
    const question = { ...readQuestion(bytes), over };
    questions.push(question);
    const answer = dns.answer(question);
    return answer === undefined ? undefined : (answer.bytes ?? encode(bytes, question.name, answer));
  };
  const dns: FakeDns = {
    port,
    questions,
    answer: () => ({ code: 3 }),
    async start(over = ['tcp', 'udp']) {
      if (over.includes('tcp')) {
        const server = createServer((socket) => {
          sockets.add(socket);
          socket.on('error', () => {});
          socket.on('close', () => sockets.delete(socket));
          socket.on('data', (bytes: Buffer) => {
            const answer = reply(bytes.subarray(2), 'tcp');
            if (answer === undefined) return;
            const length = Buffer.alloc(2);
            length.writeUInt16BE(answer.length);
            // In two pieces, as networks do.
            socket.write(Buffer.concat([length, answer.subarray(0, 3)]));
            setImmediate(() => socket.end(answer.subarray(3)));
          });
        });
        await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
        tcp = server;
      }
      if (over.includes('udp')) {
        const socket = createSocket('udp4');
        socket.on('message', (bytes, { port: to, address }) => {
          const answer = reply(bytes, 'udp');
          if (answer !== undefined) socket.send(answer, to, address);
        });
        await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
        udp = socket;
      }
    },
    async stop() {
      udp?.close();
      for (const socket of sockets) socket.destroy();
      const server = tcp;
      [udp, tcp] = [undefined, undefined];
      if (server !== undefined) await new Promise((resolve) => server.close(resolve));
    },
    [Symbol.asyncDispose]: () => dns.stop(),
  };
  return dns;
}

function readQuestion(bytes: Buffer): Omit<FakeDnsQuestion, 'over'> {
  const labels: string[] = [];
  let at = 12;
  for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + size));
    at += size + 1;
  }
  const number = bytes.readUInt16BE(at + 1);
  const type = (['A', 'AAAA', 'SRV'] as const).find((each) => types[each] === number) ?? 'other';
  return { name: labels.join('.'), type };
}

function encode(question: Buffer, name: string, answer: FakeDnsAnswer): Buffer {
  const { answers = [], additionals = [], code = 0, isTruncated = false, negativeTtl } = answer;
  const head = Buffer.alloc(12);
  question.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8580 | code | (isTruncated ? 0x0200 : 0), 2);
  for (const [index, count] of [1, answers.length, negativeTtl === undefined ? 0 : 1, additionals.length].entries())
    head.writeUInt16BE(count, 4 + 2 * index);
  const asked = question.subarray(12, 12 + nameOf(name).length + 4);
  return Buffer.concat([
    head,
    asked,
    ...answers.map((each) => recordOf(each.name ?? name, each)),
    ...(negativeTtl === undefined ? [] : [soaOf(negativeTtl)]),
    ...additionals.map((each) => recordOf(each.name, each)),
  ]);
}

function recordOf(owner: string, record: FakeRecord): Buffer {
  return rawRecord(owner, types[record.type], record.ttl ?? 0, dataOf(record));
}

function soaOf(seconds: number): Buffer {
  const times = Buffer.alloc(20);
  times.writeUInt32BE(seconds, 16);
  return rawRecord('example', types.SOA, seconds, Buffer.concat([nameOf('a.example'), nameOf('b.example'), times]));
}

function rawRecord(owner: string, type: number, ttl: number, data: Buffer): Buffer {
  const middle = Buffer.alloc(10);
  middle.writeUInt16BE(type, 0);
  middle.writeUInt16BE(1, 2);
  middle.writeUInt32BE(ttl, 4);
  middle.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameOf(owner), middle, data]);
}

function dataOf(record: FakeRecord): Buffer {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return isIPv6(record.address) ? ipv6Of(record.address) : Buffer.from(record.address.split('.').map(Number));
    case 'CNAME':
      return nameOf(record.target);
    case 'SRV': {
      const numbers = Buffer.alloc(6);
      for (const [index, value] of [record.priority ?? 1, record.weight ?? 1, record.port].entries())
        numbers.writeUInt16BE(value, 2 * index);
      return Buffer.concat([numbers, nameOf(record.target)]);
    }
    default:
      return record satisfies never;
  }
}

function ipv6Of(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail);
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function nameOf(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);
}
