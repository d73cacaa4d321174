import {
  create,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { AppError, isAppError } from '@flotilla/contracts';
import { statusOf } from '../errors/status-of.ts';
import type { Decompress } from '../wire/compression.ts';
import { FrameReader, frameOf } from '../wire/frames.ts';
import type { Rpc } from './implement.ts';
import type { ServerCall } from './server-call.ts';

/** How the messages of a call are read. */
export interface MessageReading {
  readonly maxMessageBytes: number;
  readonly decompress: Decompress;
}

/** Reads the requests of a call, runs its handler, and sends what it answers. Never throws. */
export function runHandler(call: ServerCall, rpc: Rpc, reading: MessageReading): void {
  const { handler } = rpc;
  switch (handler.kind) {
    case 'unary':
      readOne(call, rpc, reading, (request) =>
        call.within(() => answerOnce(call, rpc, () => handler.run(request, call))),
      );
      return;
    case 'server_streaming':
      readOne(call, rpc, reading, (request) =>
        call.within(() => void answerMany(call, rpc, () => handler.run(request, call))),
      );
      return;
    case 'client_streaming':
      call.within(() => answerOnce(call, rpc, () => handler.run(readMany(call, rpc, reading), call)));
      return;
    case 'bidi_streaming':
      call.within(() => void answerMany(call, rpc, () => handler.run(readMany(call, rpc, reading), call)));
      return;
    default:
      handler satisfies never;
  }
}

/** Ends the call with what was thrown. Our own failures are logged with their cause, which the caller never sees. */
export function failCall(call: ServerCall, thrown: unknown): void {
  // It threw because nobody waits any more.
  if (call.outcome !== undefined) return;
  const error = isAppError(thrown) ? thrown : new AppError('INTERNAL', { cause: thrown });
  // 501 is about what the caller sent, and a stop is no failure: an operator has nothing to do.
  if (error.status >= 500 && error.status !== 501 && error.code !== 'SHUTTING_DOWN')
    call.log.error({ err: isAppError(thrown) ? error : thrown, code: error.code }, 'call failed');
  else if (error.cause !== undefined) call.log.debug({ err: error }, 'call refused');
  if (error.status >= 500) call.failureCode = error.code;
  call.finish(statusOf(error, call));
}

/** Passes on the only request of a call, when it has arrived whole. */
function readOne(
  call: ServerCall,
  rpc: Rpc,
  { maxMessageBytes, decompress }: MessageReading,
  run: (request: Message) => void,
): void {
  const reader = new FrameReader(maxMessageBytes, decompress);
  const { stream } = call;
  let request: Buffer | undefined;
  const refuse = (error: unknown): void => {
    stream.removeAllListeners('data');
    // What still arrives is read and dropped, so that the answer gets through.
    stream.resume();
    failCall(call, error);
  };
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const message of reader.push(chunk)) {
        if (request !== undefined) throw wrongCount();
        request = message;
      }
    } catch (error) {
      refuse(error);
    }
  });
  stream.once('end', () => {
    if (isCutOff(call)) return;
    try {
      if (reader.isInMessage) throw brokenMessage('The request ends within a message.');
      if (request === undefined) throw wrongCount();
      run(decode(rpc, request));
    } catch (error) {
      failCall(call, error);
    }
  });
}

/** The requests of a call as they arrive; reading them slowly slows their sender. */
async function* readMany(
  call: ServerCall,
  rpc: Rpc,
  { maxMessageBytes, decompress }: MessageReading,
): AsyncGenerator<Message> {
  const reader = new FrameReader(maxMessageBytes, decompress);
  try {
    // A handler that has read enough leaves; the stream then still carries its answer.
    for await (const chunk of call.stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
      for (const message of reader.push(chunk)) yield decode(rpc, message);
  } catch (error) {
    if (isAppError(error)) throw error;
    throw new AppError('CLIENT_CLOSED_REQUEST', { cause: error });
  }
  if (isCutOff(call)) throw new AppError('CLIENT_CLOSED_REQUEST');
  if (reader.isInMessage) throw brokenMessage('The request ends within a message.');
}

/** Whether the request has no end of its own: Node also ends what is read of a stream whose connection is lost. */
function isCutOff({ outcome, stream }: ServerCall): boolean {
  return outcome !== undefined || stream.closed || stream.destroyed || (stream.rstCode ?? 0) !== 0;
}

function answerOnce(call: ServerCall, rpc: Rpc, run: () => Answer | Promise<Answer>): void {
  const done = (answer: Answer): void => {
    try {
      call.answer(encode(rpc, answer));
    } catch (error) {
      failCall(call, error);
    }
  };
  try {
    const answer = run();
    if (answer instanceof Promise) answer.then(done, (error: unknown) => failCall(call, error));
    else done(answer);
  } catch (error) {
    failCall(call, error);
  }
}

async function answerMany(call: ServerCall, rpc: Rpc, run: () => AsyncIterable<Answer>): Promise<void> {
  try {
    for await (const answer of run()) {
      if (call.outcome !== undefined) return;
      if (!call.send(encode(rpc, answer)) && !(await drained(call))) return;
    }
    call.finish({ status: 'OK', message: '' });
  } catch (error) {
    failCall(call, error);
  }
}

/** Whether the caller has read enough for more to be sent; false: the call is over. */
async function drained(call: ServerCall): Promise<boolean> {
  const { stream } = call;
  const stalled = call.stallTimer();
  await new Promise<void>((resolve) => {
    const go = (): void => {
      stream.off('drain', go);
      stream.off('close', go);
      resolve();
    };
    stream.on('drain', go);
    stream.on('close', go);
  });
  stalled.cancel();
  return call.outcome === undefined;
}

type Answer = MessageInitShape<DescMessage>;

function encode({ descriptor }: Rpc, answer: Answer): Buffer {
  return frameOf(toBinary(descriptor.output, create(descriptor.output, answer)));
}

function decode({ descriptor: { input }, decode: own }: Rpc, bytes: Buffer): Message {
  if (own !== undefined) return own(bytes);
  try {
    return fromBinary(input, bytes);
  } catch (cause) {
    throw brokenMessage(
      cause instanceof TypeError
        ? 'A text in the message is not valid UTF-8.'
        : `The message is not a valid ${input.typeName}.`,
      cause,
    );
  }
}

function brokenMessage(detail: string, cause?: unknown): AppError {
  return new AppError('INVALID_REQUEST', { detail, cause });
}

function wrongCount(): AppError {
  return new AppError('NOT_IMPLEMENTED', { detail: 'This method takes exactly one message.' });
}
