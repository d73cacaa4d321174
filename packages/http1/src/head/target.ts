import { BACKSLASH, charClass, HEX, QUESTION_MARK, TARGET } from '../bytes/char-class.ts';
import type { Reason } from '../reasons/reasons.ts';
import { isHostWithPort, readHost } from './host.ts';

/** The four forms of a request target (RFC 9112 section 3.2). */
export type TargetForm = 'origin' | 'absolute' | 'asterisk' | 'authority';

const SLASH = 0x2f;

/**
 * Whether every percent sign of the path is followed by two hexadecimal digits. In a query, which nobody routes by, one that
 * encodes nothing stands for itself: browsers send it so.
 */
export function hasValidPercents(target: string): boolean {
  let i = target.indexOf('%');
  if (i < 0) return true;
  const query = target.indexOf('?');
  const end = query < 0 ? target.length : query;
  for (; i >= 0 && i < end; i = target.indexOf('%', i + 3)) {
    if ((charClass(target.charCodeAt(i + 1)) & charClass(target.charCodeAt(i + 2)) & HEX) === 0) return false;
  }
  return true;
}

/** Whether the text may stand as a request target: what the parser reads, a backslash in a query included. */
export function isTarget(text: string): boolean {
  let inQuery = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUESTION_MARK) inQuery = true;
    else if ((charClass(code) & TARGET) === 0 && !(inQuery && code === BACKSLASH)) return false;
  }
  return text.length > 0;
}

/** What a target that is not in the plain origin form means. */
export interface SpecialTarget {
  readonly form: TargetForm;
  readonly pathAndQuery: string;
  /** The authority of an absolute or authority form; it replaces Host. */
  readonly authority: string;
  /** The lower-cased scheme of an absolute form, else empty. */
  readonly scheme: string;
}

/** Reads a target that does not begin with a slash, or any target of CONNECT; a reason when it has no valid form. */
export function readSpecialTarget(method: string, target: string): SpecialTarget | Reason {
  if (method === 'CONNECT') {
    if (target.includes('@')) return 'target-userinfo';
    if (!isHostWithPort(target)) return 'bad-target-form';
    return { form: 'authority', pathAndQuery: '', authority: target, scheme: '' };
  }
  if (target === '*') {
    if (method !== 'OPTIONS') return 'bad-target-form';
    return { form: 'asterisk', pathAndQuery: '*', authority: '', scheme: '' };
  }
  const scheme = /^https?(?=:\/\/)/i.exec(target)?.[0];
  if (scheme === undefined) return 'bad-target-form';
  const start = scheme.length + 3;
  let end = start;
  while (end < target.length && target[end] !== '/' && target[end] !== '?') end++;
  const authority = target.substring(start, end);
  if (authority.includes('@')) return 'target-userinfo';
  const host = readHost(authority);
  if (host === undefined || host === '') return 'bad-target';
  return { form: 'absolute', pathAndQuery: pathOf(method, target, end), authority: host, scheme: scheme.toLowerCase() };
}

/** An empty path means `/`, and for OPTIONS without query `*` (RFC 9112 section 3.2.4). */
function pathOf(method: string, target: string, start: number): string {
  if (start === target.length) return method === 'OPTIONS' ? '*' : '/';
  const rest = target.substring(start);
  return rest.charCodeAt(0) === SLASH ? rest : `/${rest}`;
}
