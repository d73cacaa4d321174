import { connect, type Socket } from 'node:net';

/** How a watcher is told of changes. */
export type WatchKind = 'stream' | 'poll';

/** One who watches a service over a socket of its own, with as little memory and work as possible, so that many fit. */
export class Watcher {
  readonly #kind: WatchKind;
  readonly #service: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #answer = '';
  /** The last revision it was told. */
  revision = 0;
  /** How often it was told something new. */
  woken = 0;
  /** When it was told last, on the clock of `performance.now`. */
  wokenAtMs = 0;
  /** Answers that were no list, and connections that broke. */
  failures = 0;
  #onTold: (() => void) | undefined;

  constructor(kind: WatchKind, service: string, port: number) {
    this.#kind = kind;
    this.#service = service;
    this.#port = port;
  }

  /** Connects, and resolves when it watches; goes on from the revision it was told last. */
  async open(): Promise<void> {
    const socket = connect(this.#port, '127.0.0.1');
    this.#socket = socket;
    this.#answer = '';
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.failures += 1;
    });
    const told = new Promise<void>((resolve, reject) => {
      this.#onTold = resolve;
      setTimeout(reject, 10_000, new Error(`No answer within 10 s: ${this.#answer}`)).unref();
    });
    socket.on('data', (bytes) => this.#take(bytes.toString('latin1')));
    if (this.#kind === 'stream')
      this.#ask(`/watch?service=${this.#service}${this.revision === 0 ? '' : `&from=${this.revision}`}`);
    // The first answer tells the revision to wait after.
    else this.#poll();
    await told;
  }

  close(): void {
    this.#socket?.removeAllListeners('close');
    this.#socket?.destroy();
  }

  #ask(path: string): void {
    this.#socket?.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${this.#port}\r\n\r\n`);
  }

  #poll(): void {
    const after = this.revision === 0 ? '' : `?index=${this.revision}&wait=5m`;
    this.#ask(`/services/${this.#service}/instances${after}`);
  }

  #take(text: string): void {
    this.#answer += text;
    if (this.#kind === 'stream') this.#readEvents();
    else this.#readAnswer();
  }

  #readEvents(): void {
    for (let end = this.#answer.indexOf('\n\n'); end >= 0; end = this.#answer.indexOf('\n\n')) {
      const event = this.#answer.slice(0, end);
      this.#answer = this.#answer.slice(end + 2);
      const id = /^id: (\d+)$/m.exec(event)?.[1];
      if (id !== undefined) this.#told(Number(id), /^event: (?:put|delete|snapshot)$/m.test(event));
    }
  }

  #readAnswer(): void {
    const headEnd = this.#answer.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#answer.slice(0, headEnd).toLowerCase();
    const length = Number(/^content-length: (\d+)$/m.exec(head.replaceAll('\r', ''))?.[1] ?? Number.NaN);
    if (!head.startsWith('http/1.1 200') || Number.isNaN(length)) {
      this.failures += 1;
      return;
    }
    if (this.#answer.length < headEnd + 4 + length) return;
    this.#answer = this.#answer.slice(headEnd + 4 + length);
    const revision = Number(/^x-registry-revision: (\d+)/m.exec(head)?.[1] ?? 0);
    this.#told(revision, revision > this.revision);
    this.#poll();
  }

  #told(revision: number, isNew: boolean): void {
    this.revision = Math.max(this.revision, revision);
    if (isNew) {
      this.woken += 1;
      this.wokenAtMs = performance.now();
    }
    this.#onTold?.();
    this.#onTold = undefined;
  }
}
