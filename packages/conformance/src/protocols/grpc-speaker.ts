import type { OutgoingHttpHeaders } from 'node:http2';
import {
  type DescMethod,
  type DescService,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { connectRawGrpc, type RawGrpc, type RawGrpcAnswer } from '../grpc/reading-client.ts';
import { type Fields, type Outcome, plainName, type Speaker, type WriteOptions } from './speaker.ts';

/** What has to be known of a service that speaks gRPC. */
export interface GrpcSpeech {
  readonly port: number;
  /** With methods `Get…`, `List…`, `Create…`, `Update…` and `Delete…`. */
  readonly service: DescService;
  readonly language?: string;
}

/** Speaks gRPC with a service; close it. The bytes are made by the descriptor alone, without the client of ours. */
export async function grpcSpeaker(o: GrpcSpeech): Promise<Speaker & { close(): void }> {
  const connection = await connectRawGrpc(o.port);
  const call = async (verb: string, fields: JsonFields, options: WriteOptions = {}): Promise<Ended> => {
    const method = methodOf(o.service, verb);
    const message = fromJson(method.input, fields, { ignoreUnknownFields: false });
    const { idempotencyKey } = options;
    const headers: OutgoingHttpHeaders = {
      'accept-language': o.language ?? 'en',
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    };
    return ended(connection, method, toBinary(method.input, message), headers);
  };
  const outcomeOf = ({ answer, output }: Ended): Outcome => {
    if (answer.status !== 0) return refusal(answer);
    const record = fieldsOf(output);
    if (Object.keys(record).length === 0) return { kind: 'removed' };
    const { etag = '', 'idempotency-replayed': replayed } = answer.metadata;
    return { kind: 'record', record, etag, replayed: replayed === 'true' };
  };
  const condition = ({ ifMatch }: WriteOptions = {}): JsonFields =>
    ifMatch === undefined ? {} : { if_match: ifMatch };
  return {
    protocol: 'gRPC',
    get: async (id) => outcomeOf(await call('Get', { id: String(id) })),
    async list({ size, token }, filter = {}) {
      const page = {
        ...(size === undefined ? {} : { page_size: size }),
        ...(token === undefined ? {} : { page_token: token }),
      };
      const { answer, output } = await call('List', { ...jsonOf(filter), ...page });
      if (answer.status !== 0) return refusal(answer);
      const { next_page_token: next = '', ...lists } = output;
      const [rows = []] = Object.values(lists);
      // A list's only other field is its records.
      return { kind: 'page', records: (rows as readonly JsonFields[]).map(fieldsOf), next: String(next) };
    },
    add: async (fields, options) => outcomeOf(await call('Create', jsonOf(fields), options)),
    change: async (id, fields, options) =>
      outcomeOf(await call('Update', { id: String(id), ...jsonOf(fields), ...condition(options) }, options)),
    remove: async (id, options) => outcomeOf(await call('Delete', { id: String(id), ...condition(options) }, options)),
    act: async (action, id, options) =>
      outcomeOf(await call(capital(action), { id: String(id), ...condition(options) }, options)),
    close: () => connection.close(),
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

type JsonFields = Record<string, JsonValue>;

interface Ended {
  readonly answer: RawGrpcAnswer;
  readonly output: JsonFields;
}

function methodOf({ typeName, methods }: DescService, verb: string): DescMethod {
  const method = methods.find(({ name }) => name.startsWith(verb));
  if (method === undefined) throw new TypeError(`${typeName} has no method ${verb}….`);
  return method;
}

async function ended(
  connection: RawGrpc,
  method: DescMethod,
  message: Uint8Array,
  headers: OutgoingHttpHeaders,
): Promise<Ended> {
  const answer = await connection.call(`/${method.parent.typeName}/${method.name}`, message, { headers });
  const [bytes] = answer.messages;
  if (bytes === undefined) return { answer, output: {} };
  // Of a message, `toJson` makes an object.
  const output = toJson(method.output, fromBinary(method.output, bytes), { useProtoFieldName: true }) as JsonFields;
  return { answer, output };
}

function refusal({ status, message, reason, fields, retryAfterS }: RawGrpcAnswer): Outcome {
  const names = fields.map(({ field, reason: wrong }) => `${plainName(field)} ${wrong}`).toSorted();
  // gRPC has one text, in which HTTP's title is followed by its detail, or by what is wrong with a field.
  const [title = ''] = message.split(/: ?|：/, 1);
  return { kind: 'refused', code: reason ?? '', status: status ?? -1, title, fields: names, retryAfterS };
}

function jsonOf(fields: Fields): JsonFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : String(value)]),
  );
}

/** 64-bit numbers are texts in the JSON of messages, by fields whose names say what they are; times are made numbers. */
function fieldsOf(record: JsonFields): Fields {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (name.endsWith('_at')) return [name, Date.parse(String(value))];
      return [name, /(?:^|_)(?:id|cents)$/.test(name) ? Number(value) : String(value)];
    }),
  );
}
