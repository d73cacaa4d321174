import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { BoundedOutput } from './bounded-output.ts';
import { whenWritten } from './when-written.ts';

/** A stream whose reader takes something only when it is told to. */
class StuckStream extends EventEmitter {
  text = '';
  #waiting = 0;
  get writableLength(): number {
    return this.#waiting;
  }
  write(text: string): void {
    this.text += text;
    this.#waiting += text.length;
  }
  take(length = this.#waiting): void {
    this.#waiting -= length;
    if (this.#waiting === 0) this.emit('drain');
  }
}

const limits = { plainBytes: 100, importantBytes: 200 };

function setUp() {
  const stream = new StuckStream();
  const resumed: number[] = [];
  const output = new BoundedOutput(stream, (dropped) => resumed.push(dropped), limits);
  const line = (importance: 'plain' | 'important' = 'plain'): boolean => {
    if (!output.admits(importance)) return false;
    output.write(`${importance.padEnd(9).slice(0, 9)}\n`);
    return true;
  };
  const fill = (importance: 'plain' | 'important'): number => {
    let kept = 0;
    for (let count = 0; count < 1_000; count += 1) if (line(importance)) kept += 1;
    return kept;
  };
  return { stream, resumed, output, line, fill };
}

describe('an output without a reader', () => {
  it('keeps plain lines up to its limit and important ones beyond, and never more', () => {
    const { stream, fill } = setUp();
    assert.equal(fill('plain'), 10);
    assert.equal(fill('important'), 10);
    assert.equal(stream.writableLength, 200);
  });

  it('reports how many lines were dropped when it resumes', () => {
    const { stream, resumed, fill } = setUp();
    fill('plain');
    fill('important');
    assert.deepEqual(resumed, []);
    stream.take();
    assert.deepEqual(resumed, [990 + 990]);
    stream.emit('drain');
    assert.equal(fill('plain'), 10);
    assert.equal(resumed.length, 1, 'told once');
  });

  it('drops plain lines until half of the waiting output is taken, so that gaps are few', () => {
    const { stream, resumed, line, fill } = setUp();
    fill('plain');
    stream.take(40);
    assert.equal(line(), false);
    stream.take(20);
    assert.equal(line(), true);
    assert.deepEqual(resumed, [991]);
  });

  it('counts a text of several lines as such', () => {
    const { stream, resumed, output, fill } = setUp();
    fill('plain');
    output.admits('plain', 7);
    stream.take();
    assert.deepEqual(resumed, [997]);
  });

  it('never waits for a terminal', () => {
    const told: boolean[] = [];
    const handle = { setBlocking: (blocking: boolean) => told.push(blocking) };
    const terminal = Object.assign(new StuckStream(), { isTTY: true, _handle: handle });
    assert.equal(new BoundedOutput(terminal, () => undefined).admits('plain'), true);
    assert.deepEqual(told, [false]);
  });
});

describe('whenWritten', () => {
  it('runs at once if nothing waits, otherwise when everything is taken', async () => {
    const stream = new StuckStream();
    let runs = 0;
    whenWritten([stream, { write: () => undefined }], () => runs++);
    assert.equal(runs, 1);
    stream.write('x');
    const { promise, resolve } = Promise.withResolvers<void>();
    whenWritten([stream], () => {
      runs++;
      resolve();
    });
    assert.equal(runs, 1);
    stream.take();
    await promise;
    assert.equal(runs, 2);
  });

  it('gives up on a stuck reader', async () => {
    const stream = new StuckStream();
    stream.write('x');
    await new Promise<void>((resolve) => whenWritten([stream], resolve));
    assert.equal(stream.writableLength, 1);
  });
});
