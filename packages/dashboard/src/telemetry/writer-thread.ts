import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '@flotilla/contracts';
import type { Encoding, SentSignal } from '../collector/index.ts';
import type { Batch } from '../store/index.ts';
import { keepTidy } from './keep-tidy.ts';
import { reply, type ThreadCall } from './thread-calls.ts';
import { changeOf, Writer, type WriterOptions } from './writer.ts';

if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  let writer: Writer | undefined;
  // Opened with the first call, so that it can say what is wrong.
  const opened = (): Writer =>
    (writer ??= new Writer({ ...(workerData as Omit<WriterOptions, 'clock'>), clock: systemClock })); // from openThreads
  keepTidy(systemClock, () => writer?.tidy() === true);
  port.on('message', (call: ThreadCall) => port.postMessage(reply(call, run)));

  function run(name: string, args: readonly unknown[]): unknown {
    const is = opened();
    switch (name) {
      case 'open':
        return { state: is.state };
      case 'take': {
        const [signal, encoding, body] = args as readonly [SentSignal, Encoding, Uint8Array];
        const written = is.take(signal, encoding, body);
        return { ...written, state: is.state };
      }
      case 'add': {
        const [batches] = args as readonly [readonly Batch[]];
        return { ...is.add(batches), change: changeOf(batches), state: is.state };
      }
      case 'replaceDamaged':
        is.replaceDamaged(Number(args[0]));
        return { state: is.state };
      case 'close':
        is.close();
        return undefined;
      default:
        throw new Error(`Unknown call: ${name}`);
    }
  }
}
