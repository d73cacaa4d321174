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
import { connectionOptions, NO_TOKENS, upgradeProtocols } from './connection.ts';
import { isChunked, lengthProblem } from './framing.ts';
import { isHost } from './host.ts';

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
  #ends = false;
  #lastHost = 'localhost';

  /** Reads the fields; a reason when they contradict each other or the grammar. Host is only looked at for requests. */
  read(fields: readonly string[], ids: readonly number[], minor: 0 | 1, isRequest: boolean): Reason | undefined {
    this.host = undefined;
    this.contentLength = -1;
    this.chunked = false;
    this.connection = NO_TOKENS;
    this.upgrade = NO_TOKENS;
    this.expect = undefined;
    this.trailer = false;
    this.#ends = false;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? 0;
      if (id === 0 || id > LAST_SPECIAL_ID) continue;
      if (id === HOST_ID && !isRequest) continue;
      const reason = this.#readOne(id, fields[i * 2 + 1] ?? '');
      if (reason !== undefined) return reason;
    }
    if (!this.chunked) return undefined;
    if (this.contentLength >= 0) return 'length-and-transfer-encoding';
    return minor === 0 ? 'transfer-encoding-in-http-1-0' : undefined;
  }

  #readOne(id: number, value: string): Reason | undefined {
    switch (id) {
      case HOST_ID:
        if (this.host !== undefined) return 'repeated-host';
        // A client says the same host in each of its requests, so the last one is not looked at again.
        if (value !== this.#lastHost) {
          if (!isHost(value)) return 'bad-host';
          this.#lastHost = value;
        }
        this.host = value;
        return undefined;
      case CONTENT_LENGTH_ID: {
        if (this.contentLength >= 0) return 'repeated-content-length';
        const problem = lengthProblem(value);
        if (problem === undefined) this.contentLength = Number(value);
        return problem;
      }
      case TRANSFER_ENCODING_ID:
        if (this.chunked) return 'repeated-transfer-encoding';
        if (!isChunked(value)) return 'bad-transfer-encoding';
        this.chunked = true;
        return undefined;
      case CONNECTION_ID: {
        const options = connectionOptions(value);
        if (options === undefined) return 'bad-connection';
        this.connection = this.connection === NO_TOKENS ? options : [...this.connection, ...options];
        return undefined;
      }
      case UPGRADE_ID: {
        const protocols = upgradeProtocols(value);
        if (protocols === undefined) return 'bad-upgrade';
        this.upgrade = this.upgrade === NO_TOKENS ? protocols : [...this.upgrade, ...protocols];
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
