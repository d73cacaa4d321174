import type { Operation } from '../api/operation.ts';
import type { RouteMethods } from './route-methods.ts';

/** The operations that an app serves, in the order in which they were added. */
export class OperationList {
  readonly #operations: Operation[] = [];
  readonly #routes: Pick<RouteMethods, 'methodsOf'>;

  constructor(routes: Pick<RouteMethods, 'methodsOf'>) {
    this.#routes = routes;
  }

  get all(): readonly Operation[] {
    return this.#operations;
  }

  /** @throws TypeError when another one has the same name: documents and clients could not tell them apart */
  add(operation: Operation): void {
    if (this.#operations.some(({ id }) => id === operation.id))
      throw new TypeError(`Two operations are named ${operation.id}. Rename one: a name is unique in a program.`);
    this.#operations.push(operation);
  }

  /** Whether any route of the app takes this path, also by a pattern. */
  isTaken(path: string): boolean {
    return this.#routes.methodsOf(path).length > 0;
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What `addOperation` has added. */
    readonly operations: OperationList;
  }
}
