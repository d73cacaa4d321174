import { parentPort, workerData } from 'node:worker_threads';
import { Queries } from '../queries/index.ts';
// Not from the index, which loads what writes, with a validator: 10 MB on a thread that only reads.
import { openForReading } from '../store/open-for-reading.ts';
import { storageFailure } from '../store/storage-failure.ts';
import { reply, type ThreadCall } from './thread-calls.ts';

if (parentPort !== null) serve(parentPort);

/** Answers questions, each with the generation of the file that it is about. */
function serve(port: NonNullable<typeof parentPort>): void {
  const { file } = workerData as { readonly file: string }; // from openThreads
  let opened: { readonly generation: unknown; readonly queries: Queries; close(): void } | undefined;
  port.on('message', (call: ThreadCall) => port.postMessage(reply(call, run)));

  function open(generation: unknown): Queries {
    if (opened !== undefined && opened.generation === generation) return opened.queries;
    opened?.close();
    const database = openForReading(file);
    const queries = new Queries(database);
    opened = { generation, queries, close: () => database.close() };
    return queries;
  }

  function run(name: string, [generation, ...args]: readonly unknown[]): unknown {
    if (name === 'close') {
      opened?.close();
      return undefined;
    }
    try {
      const queries = open(generation);
      const query: unknown = Reflect.get(queries, name);
      if (typeof query !== 'function') throw new Error(`Unknown question: ${name}`);
      return { kind: 'answer', value: Reflect.apply(query, queries, args) as unknown };
    } catch (error) {
      if (storageFailure(error) !== 'damaged') throw error;
      return { kind: 'damaged' };
    }
  }
}
