import { AppError } from '@flotilla/contracts';
import { type Handlers, type ImplementedService, implement } from '@flotilla/kit/grpc';
import { Echo } from './generated/flotilla/testing/echo_pb.ts';

/** The test service with these handlers; the others do what the .proto file says. */
export function echoService(handlers: Partial<Handlers<typeof Echo>> = {}): ImplementedService {
  return implement(Echo, {
    say: ({ text, id }) => ({ text, id }),
    add: ({ text, id }) => ({ text, id }),
    async *count({ to, filling }) {
      for (let number = 1; number <= to; number += 1) yield { number, filling: new Uint8Array(filling) };
    },
    async sum(requests) {
      let sum = 0n;
      for await (const { number } of requests) sum += BigInt(number);
      return { sum };
    },
    async *chat(requests) {
      for await (const { text, id } of requests) {
        if (text === '') throw new AppError('INVALID_REQUEST', { fields: [{ field: '/text', code: 'EMPTY' }] });
        yield { text, id };
      }
    },
    ...handlers,
  });
}
