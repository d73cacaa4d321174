import { charClass, DIGIT, HEX, HOST } from '../bytes/char-class.ts';

const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const MAX_PORT = 65_535;

/**
 * The host that a Host value or the authority of a target names, with its port; `undefined` when it is malformed. An empty
 * value is the host of a target without one (RFC 9110 section 7.2), and a colon without a port is as none (RFC 3986
 * section 6.2.3).
 */
export function readHost(value: string): string | undefined {
  const text = value.charCodeAt(value.length - 1) === COLON ? value.slice(0, -1) : value;
  return value === '' || isHost(text) ? text : undefined;
}

/**
 * Whether the text is `host` or `host:port`, as in the Host field and in the authority of a target (RFC 9110 section 7.2).
 *
 * Narrower than RFC 3986 on purpose: no user information, no list, no percent-encoding and no sub-delimiters in the name,
 * no empty name and no empty port, since programs differ on what those mean.
 */
export function isHost(text: string): boolean {
  const { length } = text;
  if (length === 0) return false;
  if (text.charCodeAt(0) === OPEN_BRACKET) {
    const close = text.indexOf(']');
    return close > 0 && isIpv6(text.substring(1, close)) && (close + 1 === length || isPort(text, close + 1));
  }
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if ((charClass(code) & HOST) === 0) return i > 0 && code === COLON && isPort(text, i);
  }
  return true;
}

/** Whether the text is `host:port`; the port is required here, as in the target of CONNECT. */
export function isHostWithPort(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return isHost(text) && text.lastIndexOf(':') > text.lastIndexOf(']') && last !== COLON;
}

function isPort(text: string, colon: number): boolean {
  const digits = text.length - colon - 1;
  if (text.charCodeAt(colon) !== COLON || digits < 1 || digits > 5) return false;
  let port = 0;
  for (let i = colon + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((charClass(code) & DIGIT) === 0) return false;
    port = port * 10 + code - 0x30;
  }
  return port <= MAX_PORT;
}

/** IPv6address of RFC 3986 section 3.2.2, without a zone. */
function isIpv6(text: string): boolean {
  const gap = text.indexOf('::');
  if (gap < 0) return groups(text, true) === 8;
  if (text.indexOf('::', gap + 1) >= 0) return false;
  const left = gap === 0 ? 0 : groups(text.substring(0, gap), false);
  const right = gap + 2 === text.length ? 0 : groups(text.substring(gap + 2), true);
  return left >= 0 && right >= 0 && left + right <= 7;
}

/** How many 16-bit groups the text has, or -1 when it is malformed. The last may be an IPv4 address: two groups. */
function groups(text: string, mayEndInIpv4: boolean): number {
  const parts = text.split(':');
  let count = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? '';
    if (isHexGroup(part)) count += 1;
    else if (mayEndInIpv4 && i === parts.length - 1 && isIpv4(part)) count += 2;
    else return -1;
  }
  return count;
}

function isHexGroup(text: string): boolean {
  for (let i = 0; i < text.length; i++) if ((charClass(text.charCodeAt(i)) & HEX) === 0) return false;
  return text.length > 0 && text.length <= 4;
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}
