import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  Message,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { GrpcCall } from './grpc-call.ts';

/** What answers one method. Throw an `AppError` to end the call with the status of its kind. */
export type Handler<Method extends DescMethod> =
  Method extends DescMethodUnary<infer Input, infer Output>
    ? (request: MessageShape<Input>, call: GrpcCall) => Promise<MessageInitShape<Output>> | MessageInitShape<Output>
    : Method extends DescMethodServerStreaming<infer Input, infer Output>
      ? (request: MessageShape<Input>, call: GrpcCall) => AsyncIterable<MessageInitShape<Output>>
      : Method extends DescMethodClientStreaming<infer Input, infer Output>
        ? (requests: AsyncIterable<MessageShape<Input>>, call: GrpcCall) => Promise<MessageInitShape<Output>>
        : Method extends DescMethodBiDiStreaming<infer Input, infer Output>
          ? (requests: AsyncIterable<MessageShape<Input>>, call: GrpcCall) => AsyncIterable<MessageInitShape<Output>>
          : never;

/** A handler for every method of a service. */
export type Handlers<Service extends DescService> = {
  readonly [Name in keyof Service['method']]: Handler<Service['method'][Name]>;
};

/** Any handler, as the server calls it. */
export type AnyHandler =
  | { readonly kind: 'unary'; run(request: Message, call: GrpcCall): Answer | Promise<Answer> }
  | { readonly kind: 'server_streaming'; run(request: Message, call: GrpcCall): AsyncIterable<Answer> }
  | { readonly kind: 'client_streaming'; run(requests: AsyncIterable<Message>, call: GrpcCall): Promise<Answer> }
  | { readonly kind: 'bidi_streaming'; run(requests: AsyncIterable<Message>, call: GrpcCall): AsyncIterable<Answer> };

type Answer = MessageInitShape<DescMessage>;

/** One method with what answers it. */
export interface Rpc {
  readonly descriptor: DescMethod;
  /** `package.Service/Method` */
  readonly name: string;
  readonly handler: AnyHandler;
  /** At which level calls that succeed are logged: `debug` for what machines call every few seconds. */
  readonly logLevel: 'info' | 'debug';
  /** Makes messages of their bytes; undefined: as the descriptor says. */
  readonly decode: ((bytes: Uint8Array) => Message) | undefined;
}

/** A service with what answers its methods. */
export interface ImplementedService {
  readonly descriptor: DescService;
  readonly rpcs: readonly Rpc[];
}

/**
 * A service of a `.proto` file with a handler for each of its methods: `implement(UserService, { getUser: async ({ id }) => … })`.
 *
 * @param options `logLevel`: at which level calls that succeed are logged; default `info`. `decode`: makes messages of their bytes,
 * for a handler that passes them on instead of reading them; default: they are read as the descriptor says
 */
export function implement<Service extends DescService>(
  descriptor: Service,
  handlers: Handlers<Service>,
  options: { readonly logLevel?: Rpc['logLevel']; readonly decode?: NonNullable<Rpc['decode']> } = {},
): ImplementedService {
  const rpcs = descriptor.methods.map((method): Rpc => {
    const run: unknown = handlers[method.localName];
    if (typeof run !== 'function')
      throw new TypeError(`${descriptor.typeName}: there is no handler "${method.localName}".`);
    return {
      descriptor: method,
      name: `${descriptor.typeName}/${method.name}`,
      // By its type, the handler is one of the method's kind.
      handler: { kind: method.methodKind, run: run.bind(handlers) as never },
      logLevel: options.logLevel ?? 'info',
      decode: options.decode,
    };
  });
  return { descriptor, rpcs };
}
