import { isIP } from 'node:net';
import { classes, type ResponseCode, recordTypes, responseCodes } from './dns-numbers.ts';
import type { Query } from './read-query.ts';

/** A record of an answer. Names are written with dots, without the last one. */
export type DnsRecord = { readonly name: string; readonly ttlSeconds: number } & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME' | 'NS'; readonly target: string }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  | { readonly type: 'SOA'; readonly server: string; readonly mailbox: string; readonly serial: number }
);

/** What a query is answered with. */
export interface Answer {
  readonly code: ResponseCode;
  /** Whether we speak for the zone. */
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  /** Spares the client a question; left out where there is no room. */
  readonly additional: readonly DnsRecord[];
}

/** How long a zone's other servers would wait, if it had any, in seconds. */
const soaTimes = { refresh: 3_600, retry: 600, expire: 86_400 } as const;

/** What we take over UDP: what passes every network unfragmented. */
export const ownUdpBytes = 1_232;

/** The most that a message can have; over TCP, its length comes in two bytes. */
export const maxTcpBytes = 65_535;

/** An offset that a pointer can hold. */
const maxPointer = 0x3fff;

/**
 * Writes an answer that has at most `maxBytes`. What does not fit is left out, and the message says so if it is one of the
 * answers: the client then asks over TCP.
 */
export function writeAnswer(query: Query, answer: Answer, maxBytes: number): Buffer {
  const room = maxBytes - (query.edns === undefined ? 0 : 11);
  const writer = new MessageWriter(query);
  let answers = 0;
  for (const record of answer.answers) {
    if (!writer.add(record, room)) break;
    answers += 1;
  }
  // Over TCP there is no larger way to ask.
  const isTruncated = answers < answer.answers.length && maxBytes < maxTcpBytes;
  const authority = isTruncated ? 0 : countAdded(writer, answer.authority, room);
  const additional = isTruncated ? 0 : countAdded(writer, answer.additional, room);
  return writer.finish(answer, { answers, authority, additional, isTruncated });
}

function countAdded(writer: MessageWriter, records: readonly DnsRecord[], room: number): number {
  let count = 0;
  for (const record of records) if (writer.add(record, room)) count += 1;
  return count;
}

/** How many records of each section a message has. */
interface Counts {
  readonly answers: number;
  readonly authority: number;
  readonly additional: number;
  readonly isTruncated: boolean;
}

class MessageWriter {
  readonly #query: Query;
  /** Where names are that were written before: a later one ends in a pointer to one of them. */
  readonly #places = new Map<string, number>();
  #bytes: Buffer = Buffer.alloc(2_048);
  #at = 12;

  constructor(query: Query) {
    this.#query = query;
    const { question } = query;
    if (question === undefined) return;
    let place = 12;
    question.labels.forEach((label, index) => {
      this.#places.set(question.labels.slice(index).join('.'), place);
      place += label.length + 1;
    });
    this.#reserve(question.bytes.length);
    this.#bytes.set(question.bytes, this.#at);
    this.#at += question.bytes.length;
  }

  /** Adds a record if there is room for it. */
  add(record: DnsRecord, room: number): boolean {
    const start = this.#at;
    this.#name(record.name);
    this.#uint16(recordTypes[record.type]);
    this.#uint16(classes.IN);
    this.#uint32(record.ttlSeconds);
    const length = this.#at;
    this.#uint16(0);
    this.#data(record);
    if (this.#at > room) {
      this.#forget(start);
      return false;
    }
    this.#bytes.writeUInt16BE(this.#at - length - 2, length);
    return true;
  }

  finish({ code, authoritative }: Answer, counts: Counts): Buffer {
    const { id, opcode, recursionDesired, question, edns } = this.#query;
    if (edns !== undefined) {
      this.#reserve(11);
      this.#uint8(0);
      this.#uint16(recordTypes.OPT);
      this.#uint16(ownUdpBytes);
      this.#uint32((code >> 4) << 24);
      this.#uint16(0);
    }
    const flags =
      0x8000 |
      (opcode << 11) |
      (authoritative ? 0x0400 : 0) |
      (counts.isTruncated ? 0x0200 : 0) |
      (recursionDesired ? 0x0100 : 0) |
      // Without EDNS there is no room for the larger codes.
      (edns === undefined && code > 15 ? responseCodes.formatError : code & 0xf);
    const { answers, authority, additional } = counts;
    const head = [
      id,
      flags,
      question === undefined ? 0 : 1,
      answers,
      authority,
      additional + (edns === undefined ? 0 : 1),
    ];
    head.forEach((value, index) => this.#bytes.writeUInt16BE(value, index * 2));
    return this.#bytes.subarray(0, this.#at);
  }

  #data(record: DnsRecord): void {
    switch (record.type) {
      case 'A':
      case 'AAAA':
        for (const byte of addressBytes(record.address)) this.#uint8(byte);
        return;
      case 'CNAME':
      case 'NS':
        this.#name(record.target);
        return;
      case 'SRV':
        this.#uint16(record.priority);
        this.#uint16(record.weight);
        this.#uint16(record.port);
        // RFC 2782 wants it whole, and some resolvers can read nothing else.
        this.#name(record.target, false);
        return;
      case 'SOA':
        this.#name(record.server);
        this.#name(record.mailbox);
        for (const value of [record.serial, ...Object.values(soaTimes), record.ttlSeconds]) this.#uint32(value);
        return;
      default:
        record satisfies never;
    }
  }

  #name(name: string, mayPoint = true): void {
    const labels = name.split('.');
    for (let index = 0; index < labels.length; index += 1) {
      const rest = labels.slice(index).join('.').toLowerCase();
      const place = this.#places.get(rest);
      if (place !== undefined && mayPoint) return this.#uint16(0xc000 | place);
      if (place === undefined && this.#at <= maxPointer) this.#places.set(rest, this.#at);
      const label = Buffer.from(labels[index] ?? '', 'latin1');
      this.#uint8(label.length);
      this.#reserve(label.length);
      this.#bytes.set(label, this.#at);
      this.#at += label.length;
    }
    this.#uint8(0);
  }

  /** Takes back what was written from a place on. */
  #forget(start: number): void {
    for (const [name, place] of this.#places) if (place >= start) this.#places.delete(name);
    this.#at = start;
  }

  #uint8(value: number): void {
    this.#reserve(1);
    this.#at = this.#bytes.writeUInt8(value, this.#at);
  }

  #uint16(value: number): void {
    this.#reserve(2);
    this.#at = this.#bytes.writeUInt16BE(value, this.#at);
  }

  #uint32(value: number): void {
    this.#reserve(4);
    this.#at = this.#bytes.writeUInt32BE(value >>> 0, this.#at);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#at + bytes));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** The 4 or 16 bytes of an address. */
export function addressBytes(address: string): readonly number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  // URL's own parser knows every form of it, and writes the shortest.
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
