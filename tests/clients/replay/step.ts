/** One request of the list, and what of its answer is compared. */
export interface Step {
  /** What it is about; with it a difference is published. No two are alike. */
  readonly title: string;
  readonly method: string;
  /** Path and query. `{name}` stands for what an earlier step kept under that name. */
  readonly target: string;
  /** Sent as JSON, a string as it is. `{name}` as in `target`. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps something of the answer, `$.ID` of its JSON or a header, for later steps. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Compares only these places of the body, such as `$.Config.Datacenter`; all by default, none when it is empty. */
  readonly only?: readonly string[];
  /** Compares also whether the answer came at once or was held back. */
  readonly timed?: true;
  /** Waits so long before it, for what a server does by itself. Milliseconds. */
  readonly afterMs?: number;
}

type More = Omit<Step, 'title' | 'method' | 'target' | 'body'>;

export function get(title: string, target: string, more: More = {}): Step {
  return { title, method: 'GET', target, ...more };
}

export function put(title: string, target: string, body?: unknown, more: More = {}): Step {
  return { title, method: 'PUT', target, ...(body === undefined ? {} : { body }), ...more };
}

export function del(title: string, target: string, more: More = {}): Step {
  return { title, method: 'DELETE', target, ...more };
}

export function post(title: string, target: string, body?: unknown, more: More = {}): Step {
  return { title, method: 'POST', target, ...(body === undefined ? {} : { body }), ...more };
}
