import type { DescFile, DescService, MessageInitShape } from '@bufbuild/protobuf';
import { file_google_rpc_error_details } from '../generated/google/rpc/error_details_pb.ts';
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponseSchema,
} from '../generated/grpc/reflection/v1/reflection_pb.ts';
import { ServerReflection as AlphaReflection } from '../generated/grpc/reflection/v1alpha/reflection_pb.ts';
import { type StatusName, statusNumber } from '../wire/status-codes.ts';
import type { GrpcCall } from './grpc-call.ts';
import { type ImplementedService, implement } from './implement.ts';
import { encodeFile, ProtoIndex, pathOf, withImports } from './proto-index.ts';

type Reply = NonNullable<MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']>;

/**
 * gRPC's reflection, in the version of today and in the one that older tools ask for: clients without a .proto file list and call
 * everything with it. Shows what the .proto files of the services say, which is no secret from those who may call them.
 */
export function reflectionServices(services: readonly ImplementedService[]): readonly ImplementedService[] {
  const all = [...services.map(({ descriptor }) => descriptor), ServerReflection, AlphaReflection];
  // With the details of errors, which clients show in readable form if they know their types.
  const index = new ProtoIndex([...all.map(({ file }) => file), file_google_rpc_error_details]);
  const today = implement(ServerReflection, { serverReflectionInfo: replies });
  // Both versions are the same bytes under two names.
  const rpcs = today.rpcs.map((rpc) => ({ ...rpc, name: `${AlphaReflection.typeName}/${rpc.descriptor.name}` }));
  return [today, { descriptor: AlphaReflection, rpcs }];

  async function* replies(
    questions: AsyncIterable<ServerReflectionRequest>,
    call: GrpcCall,
  ): AsyncGenerator<MessageInitShape<typeof ServerReflectionResponseSchema>> {
    const sent = new Set<DescFile>();
    for await (const question of untilDrained(questions, call.draining))
      yield {
        validHost: question.host,
        originalRequest: question,
        messageResponse: replyTo(question.messageRequest, sent),
      };
  }

  function replyTo(asked: ServerReflectionRequest['messageRequest'], sent: Set<DescFile>): Reply {
    switch (asked.case) {
      case 'listServices':
        return { case: 'listServicesResponse', value: { service: namesOf(all) } };
      case 'fileByFilename':
        return fileReply(index.file(asked.value), `file "${asked.value}"`, sent);
      case 'fileContainingSymbol':
        return fileReply(index.fileOf(asked.value), `symbol "${asked.value}"`, sent);
      case 'fileContainingExtension': {
        const { containingType, extensionNumber } = asked.value;
        const file = index.fileOfExtension(containingType, extensionNumber);
        return fileReply(file, `extension ${extensionNumber} of "${containingType}"`, sent);
      }
      case 'allExtensionNumbersOfType': {
        const extensionNumber = index.extensionNumbers(asked.value);
        if (extensionNumber === undefined) return notFound(`message "${asked.value}"`);
        const value = { baseTypeName: asked.value, extensionNumber: [...extensionNumber] };
        return { case: 'allExtensionNumbersResponse', value };
      }
      case undefined:
        return failure('INVALID_ARGUMENT', 'The request asks for nothing that this server knows.');
      default:
        return asked satisfies never;
    }
  }
}

function namesOf(services: readonly DescService[]): { name: string }[] {
  return services.map(({ typeName }) => ({ name: typeName })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** With what the file imports, as far as this caller does not have it yet. */
function fileReply(file: DescFile | undefined, what: string, sent: Set<DescFile>): Reply {
  if (file === undefined) return notFound(what);
  const files = withImports(file).filter((one) => one === file || !sent.has(one));
  for (const one of files) sent.add(one);
  // What was asked for comes first: some clients look no further.
  const ordered = files.toSorted((a, b) => Number(pathOf(b) === pathOf(file)) - Number(pathOf(a) === pathOf(file)));
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: ordered.map(encodeFile) } };
}

function notFound(what: string): Reply {
  return failure('NOT_FOUND', `This server has no ${what}.`);
}

function failure(status: StatusName, errorMessage: string): Reply {
  return { case: 'errorResponse', value: { errorCode: statusNumber(status), errorMessage } };
}

/** The questions until there are no more; ends between two of them when the server drains. */
async function* untilDrained<T>(questions: AsyncIterable<T>, draining: AbortSignal): AsyncGenerator<T> {
  const iterator = questions[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  const drained = (): void => stop();
  draining.addEventListener('abort', drained);
  try {
    while (!draining.aborted) {
      // Not Promise.race with one promise for all: that would keep every question until the end of the call.
      const next = await new Promise<IteratorResult<T, unknown>>((resolve, reject) => {
        stop = () => resolve({ done: true, value: undefined });
        iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    draining.removeEventListener('abort', drained);
  }
}
