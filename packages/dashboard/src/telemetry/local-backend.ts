import { Queries } from '../queries/index.ts';
import type { Backend } from './backend.ts';
import { keepTidy } from './keep-tidy.ts';
import { changeOf, Writer, type WriterOptions } from './writer.ts';

/** Does the work on the thread of the caller: for a database in memory, and for tests that move the clock. */
export function localBackend(options: WriterOptions): Backend {
  const { clock } = options;
  const writer = new Writer(options);
  let queries = new Queries(writer.database);
  let { generation } = writer.state;
  const tidying = keepTidy(clock, () => writer.tidy());

  return {
    take: async (signal, encoding, body) => writer.take(signal, encoding, body),
    add: async (batches) => ({ ...writer.add(batches), change: changeOf(batches) }),
    async ask(name, args) {
      if (generation !== writer.state.generation) queries = new Queries(writer.database);
      ({ generation } = writer.state);
      const query: unknown = Reflect.get(queries, name);
      return typeof query === 'function' ? (Reflect.apply(query, queries, args) as unknown) : undefined;
    },
    get state() {
      return writer.state;
    },
    async close() {
      tidying.cancel();
      writer.close();
    },
  };
}
