import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { LiveScreen } from './live-screen.ts';

/** What a terminal shows that scrolls, knows the escapes of a live screen, and no others. */
class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  columns = 40;
  rows = 24;
  writes = 0;
  #lines = [''];
  #row = 0;
  #column = 0;

  write(text: string): void {
    this.writes += 1;
    // A piece begins behind each escape: with `[J`, or with `[1A`.
    for (const [index, piece] of text.split('\u001b').entries()) {
      const end = index === 0 ? 0 : piece.search(/[A-Z]/) + 1;
      if (end > 0) this.#obey(piece.slice(0, end));
      for (const character of piece.slice(end)) this.#put(character);
    }
  }

  #obey(command: string): void {
    if (command === '[J') {
      this.#lines.length = this.#row + 1;
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
    } else this.#row -= Number(command.slice(1, -1));
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row += 1;
      this.#column = 0;
      this.#lines[this.#row] ??= '';
    } else {
      const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
      this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  get text(): string {
    return this.#lines.join('\n');
  }
}

function setUp(status: () => readonly string[]) {
  const terminal = new FakeTerminal();
  const screen = new LiveScreen({ stdout: terminal, stderr: terminal }, status);
  return { terminal, screen };
}

describe('a live screen', () => {
  it('keeps the status below what is written to either stream, in one write each', () => {
    const { terminal, screen } = setUp(() => ['a ready', 'b starting']);
    screen.update();
    assert.equal(terminal.text, 'a ready\nb starting');
    screen.stdout.write('one\ntwo\n');
    screen.stderr.write('three\n');
    assert.equal(terminal.text, 'one\ntwo\nthree\na ready\nb starting');
    assert.equal(terminal.writes, 3);
  });

  it('shows a change, and writes nothing without one', () => {
    let state = 'starting';
    const { terminal, screen } = setUp(() => [`a ${state}`]);
    screen.stdout.write('log\n');
    screen.update();
    state = 'ready';
    screen.update();
    screen.update();
    assert.equal(terminal.text, 'log\na ready');
    assert.equal(terminal.writes, 3);
  });

  it('is redrawn when the window is resized', () => {
    const terminal = new FakeTerminal();
    const screen = new LiveScreen({ stdout: terminal, stderr: terminal }, ({ columns }) => ['x'.repeat(columns - 1)]);
    screen.update();
    terminal.columns = 10;
    terminal.emit('resize');
    assert.equal(terminal.text, 'xxxxxxxxx');
    assert.equal(screen.stdout.columns, 10);
  });

  it('waits for the end of a line that arrives in parts', () => {
    const { terminal, screen } = setUp(() => ['status']);
    screen.update();
    screen.stdout.write('half ');
    screen.update();
    assert.equal(terminal.text, 'half ');
    screen.stdout.write('whole\n');
    assert.equal(terminal.text, 'half whole\nstatus');
  });

  it('leaves no trace on the terminal', () => {
    const { terminal, screen } = setUp(() => ['a', 'b']);
    screen.update();
    screen.stdout.write('log\n');
    screen.close();
    screen.close();
    screen.update();
    screen.stdout.write('stopped\n');
    assert.equal(terminal.text, 'log\nstopped\n');
    assert.equal(terminal.listenerCount('resize'), 0);
  });

  it('does not touch a stream that goes elsewhere', () => {
    const terminal = new FakeTerminal();
    let elsewhere = '';
    const stderr = { write: (text: string) => (elsewhere += text) };
    const screen = new LiveScreen({ stdout: terminal, stderr }, () => ['status']);
    screen.update();
    screen.stderr.write('error\n');
    assert.equal(elsewhere, 'error\n');
    assert.equal(terminal.text, 'status');
  });
});
