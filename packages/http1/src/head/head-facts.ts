import {
  CONNECTION_ID,
  CONTENT_LENGTH_ID,
  EXPECT_ID,
  HOST_ID,
  LAST_SPECIAL_ID,
  PROXY_CONNECTION_ID,
  TRAILER_ID,
  TRANSFER_ENCODING_ID,
  UPGRADE_ID,
} from '../fields/field-names.ts';
import type { Reason } from '../reasons/reasons.ts';
import { areTokens, connectionOptions, NO_TOKENS, upgradeProtocols } from './connection.ts';
import { isChunked, lengthProblem, oneLength } from './framing.ts';
import { readHost } from './host.ts';

/** Whose head it is. `bodiless`: a response that ends with its head, whatever its fields say (RFC 9112 section 6.3). */
export type HeadKind = 'request' | 'response' | 'bodiless';

/**
 * What the fields of one head say about routing, framing and the connection. One object is reused for every message of a
 * parser.
 */
export class HeadFacts {
  host: string | undefined;
  /** -1: no Content-Length. */
  contentLength = -1;
  chunked = false;
  /** Lower-cased options of all Connection fields together. */
  connection: readonly string[] = NO_TOKENS;
  upgrade: readonly string[] = NO_TOKENS;
  expect: string | undefined;
  trailer = false;
  #kind: HeadKind = 'request';
  #ends = false;
  #badUpgrade = false;
  #lastHostValue = 'localhost';
  #lastHost = 'localhost';

  /**
   * Reads the fields; a reason when they contradict each other or the grammar. Host is only looked at in requests.
   *
   * @param tabInCoding a tab stands beside a transfer coding: allowed, but a known way to hide it from some parsers
   */
  read(
    fields: readonly string[],
    ids: readonly number[],
    minor: 0 | 1,
    tabInCoding: boolean,
    kind: HeadKind,
  ): Reason | undefined {
    this.host = undefined;
    this.contentLength = -1;
    this.chunked = false;
    this.connection = NO_TOKENS;
    this.upgrade = NO_TOKENS;
    this.expect = undefined;
    this.trailer = false;
    this.#kind = kind;
    this.#ends = false;
    this.#badUpgrade = false;
    let reason: Reason | undefined;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? 0;
      if (id === 0 || id > LAST_SPECIAL_ID) continue;
      if (id === HOST_ID && kind !== 'request') continue;
      const problem = this.#readOne(id, fields[i * 2 + 1] ?? '');
      if (problem === undefined) continue;
      reason ??= problem;
      if (kind !== 'bodiless') break;
    }
    if (this.#badUpgrade) {
      this.upgrade = NO_TOKENS;
      // Some take it for an offer all the same, and what follows for the other protocol.
      if (this.connection.includes('upgrade')) this.#ends = true;
    }
    if (this.chunked || tabInCoding) reason ??= this.#codingProblem(minor, tabInCoding);
    if (reason === undefined || kind !== 'bodiless') return reason;
    // The message ends with its head all the same, and its fields of framing are dropped. Whether its sender knows that is
    // not sure, so nothing more is read from this connection.
    this.contentLength = -1;
    this.chunked = false;
    this.#ends = true;
    return undefined;
  }

  #codingProblem(minor: 0 | 1, tabInCoding: boolean): Reason | undefined {
    if (tabInCoding) return 'bad-transfer-encoding';
    if (this.contentLength >= 0) return 'length-and-transfer-encoding';
    return minor === 0 ? 'transfer-encoding-in-http-1-0' : undefined;
  }

  #readOne(id: number, value: string): Reason | undefined {
    switch (id) {
      case HOST_ID: {
        if (this.host !== undefined) return 'repeated-host';
        // A client says the same host in each of its requests, so the last one is not looked at again.
        if (value !== this.#lastHostValue) {
          const host = readHost(value);
          if (host === undefined) return 'bad-host';
          this.#lastHostValue = value;
          this.#lastHost = host;
        }
        this.host = this.#lastHost;
        return undefined;
      }
      case CONTENT_LENGTH_ID:
        return this.#readLength(value);
      case TRANSFER_ENCODING_ID:
        if (this.chunked) return 'repeated-transfer-encoding';
        if (!isChunked(value)) return 'bad-transfer-encoding';
        this.chunked = true;
        return undefined;
      case CONNECTION_ID: {
        const options = connectionOptions(value);
        if (!areTokens(options)) this.#ends = true;
        this.connection = this.connection === NO_TOKENS ? options : [...this.connection, ...options];
        return undefined;
      }
      case UPGRADE_ID: {
        const protocols = upgradeProtocols(value);
        // An offer that cannot be read is none: everybody may ignore the field.
        if (protocols === undefined) this.#badUpgrade = true;
        else this.upgrade = this.upgrade === NO_TOKENS ? protocols : [...this.upgrade, ...protocols];
        return undefined;
      }
      case EXPECT_ID:
        this.expect = this.expect === undefined ? value : `${this.expect}, ${value}`;
        return undefined;
      case PROXY_CONNECTION_ID:
        // No standard has this field, but some parsers take it for Connection: then what they would read next differs.
        if (value.toLowerCase() !== 'keep-alive') this.#ends = true;
        return undefined;
      case TRAILER_ID:
        this.trailer = true;
        return undefined;
      default:
        return undefined;
    }
  }

  /** A response may repeat its length, as long as it is the same number each time (RFC 9110 section 8.6). */
  #readLength(value: string): Reason | undefined {
    const text = this.#kind === 'request' ? value : oneLength(value);
    const problem = lengthProblem(text);
    if (problem !== undefined) return problem;
    const length = Number(text);
    if (this.contentLength >= 0 && (this.#kind === 'request' || this.contentLength !== length)) {
      return 'repeated-content-length';
    }
    this.contentLength = length;
    return undefined;
  }

  /** Whether the connection may carry another message after this one (RFC 9112 section 9.3). */
  persistent(minor: 0 | 1): boolean {
    const { connection } = this;
    if (this.#ends) return false;
    if (connection.length === 0) return minor === 1;
    if (connection.includes('close')) return false;
    if (minor === 1) return true;
    // HTTP/1.0 has no Upgrade, yet some read what follows such a request as the other protocol: one message is all it gets.
    return connection.includes('keep-alive') && !connection.includes('upgrade');
  }
}
