import type { ToleratedName } from '@flotilla/http1';
import type { Question } from './generate.ts';

/** The same messages without the odd forms that Node refuses and the codec reads, as there is one reading of them. */
export interface PlainForm {
  readonly bytes: string;
  /** What was written in another way. Empty: the bytes are the same. */
  readonly forms: readonly ToleratedName[];
}

const END = '\r\n\r\n';
const FIELD = /^([^:\s]+):[ \t]*(.*?)[ \t]*$/s;
const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"';
const BLANKS = '[ \\t]*';
/** A chunk's size, and behind it blanks and well-formed extensions with blanks around their parts. */
const CHUNK_LINE = new RegExp(
  `([0-9a-fA-F]{1,15})((?:${BLANKS};${BLANKS}${TOKEN}(?:${BLANKS}=${BLANKS}(?:${TOKEN}|${QUOTED}))?)*${BLANKS})\\r\\n`,
  'y',
);
/** A well-formed field that means nothing after the body. The names are said here again, so that none is added by accident. */
const MEANINGLESS =
  /^(?:host|content-(?:length|encoding|type|range)|transfer-encoding|connection|keep-alive|proxy-connection|upgrade|te|trailer|expect|max-forwards|http2-settings|(?:proxy-)?authorization|(?:proxy|www)-authenticate|(?:set-)?cookie|cache-control|via|forwarded|x-forwarded-(?:for|proto|host|port)|x-real-ip):[\t -~\x80-\xff]*$/i;

/**
 * Writes messages in their plain form. It is a reader of its own and knows nothing of the codec; where it does not
 * understand the bytes it leaves them, so that no other odd form is exempt.
 *
 * @param question what the responses answer; undefined for requests
 */
export function plainForm(bytes: string, question: Question | undefined): PlainForm {
  const writer = new PlainWriter(bytes, question);
  while (writer.message());
  return { bytes: writer.text, forms: [...writer.forms] };
}

class PlainWriter {
  readonly forms = new Set<ToleratedName>();
  readonly #question: Question | undefined;
  #out = '';
  #rest: string;

  constructor(bytes: string, question: Question | undefined) {
    this.#rest = bytes;
    this.#question = question;
  }

  get text(): string {
    return this.#out + this.#rest;
  }

  /** Writes the next message; false when the rest stays as it is. */
  message(): boolean {
    if (this.#question === undefined && this.#rest.startsWith('\r\n')) this.#copy(2);
    const end = this.#rest.indexOf(END);
    if (end < 0) return false;
    const [start = '', ...fields] = this.#rest.slice(0, end).split('\r\n');
    const status = this.#question === undefined ? 0 : Number(start.slice(9, 12));
    const line = this.#startLine(start, status);
    const plain = this.#question === undefined ? fields : this.#responseFields(fields, status);
    this.#rest = this.#rest.slice(end + END.length);
    this.#out += [line, ...plain].join('\r\n') + END;
    if (this.#question !== undefined) {
      if (status >= 100 && status < 200) return status !== 101;
      if (this.#question.method === 'HEAD' || status === 204 || status === 304) return false;
    }
    return this.#body(plain) && this.#question === undefined;
  }

  #startLine(line: string, status: number): string {
    if (status >= 100 && status < 200 && status !== 101 && line.startsWith('HTTP/1.0 ')) {
      return this.#note('interim-close', line.replace('1.0', '1.1'));
    }
    const odd = this.#question === undefined ? /^(\S+ \S+ HTTP\/1\.)[2-9]$/ : /^(HTTP\/1\.)[2-9](?= )/;
    return odd.test(line) ? this.#note('higher-minor-version', line.replace(odd, '$11')) : line;
  }

  #responseFields(fields: readonly string[], status: number): readonly string[] {
    const framing = fields.filter((line) => /^(?:content-length|transfer-encoding):[\t -~\x80-\xff]*$/i.test(line));
    const without = (drop: readonly string[]): readonly string[] => fields.filter((line) => !drop.includes(line));
    if (status < 200) {
      const connection = fields.filter((line) => /^(?:proxy-)?connection:[\t -~\x80-\xff]*$/i.test(line));
      if (framing.length > 0) this.forms.add('framing-without-body');
      if (status === 101) return without(framing);
      if (connection.length > 0) this.forms.add('interim-close');
      return without([...framing, ...connection]);
    }
    const values = framing.map((line) => FIELD.exec(line)?.[2] ?? '');
    if (this.#question?.method === 'HEAD' || status === 204 || status === 304) {
      const sound = framing.length === 1 && /^(?:\d{1,15}|chunked)$/i.test(values[0] ?? '');
      if (framing.length === 0 || (sound && status !== 204)) return fields;
      return this.#note('framing-without-body', without(framing));
    }
    const lengths = values.flatMap((value) => value.split(',').map((part) => part.replace(/^[ \t]+|[ \t]+$/g, '')));
    const [first = '', second, ...others] = lengths.filter((part) => part !== '');
    const repeated = framing.every((line) => /^content-length:/i.test(line)) && second !== undefined;
    if (!repeated || !/^(?:0|[1-9]\d{0,14})$/.test(first) || [second, ...others].some((other) => other !== first)) {
      return fields;
    }
    return this.#note('repeated-length', [...without(framing), `Content-Length: ${first}`]);
  }

  /** Writes the body; false when its end is not sure. */
  #body(fields: readonly string[]): boolean {
    const framing = fields.flatMap((line) => {
      const [, name = '', value = ''] = FIELD.exec(line) ?? [];
      return /^(?:content-length|transfer-encoding)$/i.test(name) ? [value.toLowerCase()] : [];
    });
    const [only] = framing;
    if (framing.length === 0) return true;
    if (framing.length > 1 || only === undefined) return false;
    if (only === 'chunked') return this.#chunks();
    if (!/^\d{1,9}$/.test(only) || Number(only) > this.#rest.length) return false;
    this.#copy(Number(only));
    return true;
  }

  #chunks(): boolean {
    for (;;) {
      CHUNK_LINE.lastIndex = 0;
      const found = CHUNK_LINE.exec(this.#rest);
      if (found === null) return false;
      const [line, digits = '', extensions = ''] = found;
      const blank = /[ \t]/.test(extensions.replace(new RegExp(QUOTED, 'g'), ''));
      if (blank && this.#question === undefined) return false;
      this.#out += blank ? this.#note('chunk-blanks', `${digits}\r\n`) : line;
      this.#rest = this.#rest.slice(line.length);
      const size = Number.parseInt(digits, 16);
      if (size === 0) return this.#trailers();
      if (!this.#rest.startsWith('\r\n', size)) return false;
      this.#copy(size + 2);
    }
  }

  #trailers(): boolean {
    if (this.#rest.startsWith('\r\n')) return this.#copy(2);
    const end = this.#rest.indexOf(END);
    // A section that is cut off has its last line in part, perhaps within its CRLF: Node may refuse that already.
    const lines = (end < 0 ? this.#rest : this.#rest.slice(0, end + 2)).split('\r\n');
    const last = lines.pop() ?? '';
    const kept = lines.filter((line) => !MEANINGLESS.test(line));
    const lastKept = MEANINGLESS.test(last.replace(/\r$/, '')) ? '' : last;
    if (kept.length < lines.length || lastKept !== last) this.forms.add('meaningless-trailer');
    this.#out += kept.map((line) => `${line}\r\n`).join('') + lastKept;
    this.#rest = end < 0 ? '' : this.#rest.slice(end + 2);
    return end >= 0 && this.#copy(2);
  }

  #copy(length: number): true {
    this.#out += this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    return true;
  }

  #note<T>(form: ToleratedName, written: T): T {
    this.forms.add(form);
    return written;
  }
}
