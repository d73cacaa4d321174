/** The types of records that are looked at (RFC 1035, 2782, 3596). */
export const recordTypes: Readonly<Record<'A' | 'CNAME' | 'SOA' | 'AAAA' | 'SRV', number>> = {
  A: 1,
  CNAME: 5,
  SOA: 6,
  AAAA: 28,
  SRV: 33,
};
const optType = 41;
const internetClass = 1;
/** What reaches everybody in one piece; larger answers come over TCP. */
const udpPayloadBytes = 1_232;

interface Common {
  /** In lower case, without the final dot. */
  readonly name: string;
  readonly ttlMs: number;
}

/** The records that are looked at, by their types. */
export interface DnsRecords {
  readonly A: Common & { readonly type: 'A'; readonly address: string };
  readonly AAAA: Common & { readonly type: 'AAAA'; readonly address: string };
  readonly CNAME: Common & { readonly type: 'CNAME'; readonly target: string };
  readonly SOA: Common & { readonly type: 'SOA'; readonly negativeTtlMs: number };
  readonly SRV: Common & {
    readonly type: 'SRV';
    readonly priority: number;
    readonly weight: number;
    readonly port: number;
    readonly target: string;
  };
}
export type DnsRecord = DnsRecords[keyof DnsRecords];

/** The answer of a name server. */
export interface DnsAnswer {
  readonly id: number;
  /** 0 no error, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
  readonly code: number;
  readonly isTruncated: boolean;
  /** What was asked, as it repeats it. */
  readonly question: { readonly name: string; readonly type: number } | undefined;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

/** The bytes of one question, recursion desired. */
export function encodeQuestion(id: number, name: string, type: number): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x0100, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(1, 10);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(type, 0);
  tail.writeUInt16BE(internetClass, 2);
  // EDNS (RFC 6891): how much is taken over UDP.
  const opt = Buffer.alloc(11);
  opt.writeUInt16BE(optType, 1);
  opt.writeUInt16BE(udpPayloadBytes, 3);
  return Buffer.concat([head, encodeName(name), tail, opt]);
}

/** A name as labels with their lengths. Each label has 1 to 63 bytes. */
function encodeName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.').map((label) => Buffer.from(label, 'latin1'));
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0])]);
}

/** Reads an answer; throws an Error for bytes that are none. */
export function decodeAnswer(bytes: Buffer): DnsAnswer {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new Error('the answer of the name server cannot be read', { cause });
  }
}

function decode(bytes: Buffer): DnsAnswer {
  const flags = bytes.readUInt16BE(2);
  if ((flags & 0x8000) === 0) throw new Error('not an answer');
  const counts = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at));
  let at = 12;
  let question: DnsAnswer['question'];
  for (let left = counts[0] ?? 0; left > 0; left -= 1) {
    const { name, end } = readName(bytes, at);
    question = { name, type: bytes.readUInt16BE(end) };
    at = end + 4;
  }
  const section = (count = 0): readonly DnsRecord[] => {
    const records: DnsRecord[] = [];
    for (let left = count; left > 0; left -= 1) {
      const { record, end } = readRecord(bytes, at);
      if (record !== undefined) records.push(record);
      at = end;
    }
    return records;
  };
  return {
    id: bytes.readUInt16BE(0),
    code: flags & 0x000f,
    isTruncated: (flags & 0x0200) !== 0,
    question,
    answers: section(counts[1]),
    authorities: section(counts[2]),
    additionals: section(counts[3]),
  };
}

function readRecord(bytes: Buffer, start: number): { readonly record: DnsRecord | undefined; readonly end: number } {
  const { name, end: at } = readName(bytes, start);
  const type = bytes.readUInt16BE(at);
  const ttl = bytes.readUInt32BE(at + 4);
  const dataAt = at + 10;
  const end = dataAt + bytes.readUInt16BE(at + 8);
  if (end > bytes.length) throw new Error('a record is longer than the message');
  // The top bit is no part of a time (RFC 2181, section 8).
  const common = { name, ttlMs: ttl > 0x7fffffff ? 0 : ttl * 1_000 };
  return { record: readData(bytes, type, dataAt, end, common), end };
}

function readData(bytes: Buffer, type: number, at: number, end: number, common: Common): DnsRecord | undefined {
  switch (type) {
    case recordTypes.A:
      return { ...common, type: 'A', address: bytes.subarray(at, lengthChecked(at, end, 4)).join('.') };
    case recordTypes.AAAA: {
      lengthChecked(at, end, 16);
      const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((offset) => bytes.readUInt16BE(at + offset).toString(16));
      return { ...common, type: 'AAAA', address: new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1) };
    }
    case recordTypes.CNAME:
      return { ...common, type: 'CNAME', target: readName(bytes, at).name };
    case recordTypes.SRV: {
      const [priority, weight, port] = [at, at + 2, at + 4].map((place) => bytes.readUInt16BE(place));
      const target = readName(bytes, at + 6).name;
      return { ...common, type: 'SRV', priority: priority ?? 0, weight: weight ?? 0, port: port ?? 0, target };
    }
    case recordTypes.SOA: {
      const names = readName(bytes, readName(bytes, at).end);
      const minimumMs = bytes.readUInt32BE(names.end + 16) * 1_000;
      return { ...common, type: 'SOA', negativeTtlMs: Math.min(common.ttlMs, minimumMs) };
    }
    default:
      return undefined;
  }
}

function lengthChecked(at: number, end: number, length: number): number {
  if (end - at !== length) throw new Error('an address has another length');
  return end;
}

/** Reads a name; pointers lead back only, so none goes round in a circle (RFC 1035, section 4.1.4). */
function readName(bytes: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  let end: number | undefined;
  let lowest = start;
  let length = 0;
  for (;;) {
    const size = bytes.readUInt8(at);
    if (size === 0) break;
    if (size >= 0xc0) {
      end ??= at + 2;
      const target = bytes.readUInt16BE(at) & 0x3fff;
      if (target >= lowest) throw new Error('a pointer does not lead back');
      lowest = target;
      at = target;
    } else if (size > 63) throw new Error('a label of an unknown kind');
    else {
      length += size + 1;
      if (length > 254 || at + 1 + size > bytes.length) throw new Error('a name is too long');
      labels.push(bytes.toString('latin1', at + 1, at + 1 + size));
      at += size + 1;
    }
  }
  return { name: labels.join('.').toLowerCase(), end: end ?? at + 1 };
}
