import { FIELD_ID_COUNT, fieldNameId } from '@flotilla/http1';
import type { HeaderList } from './header-list.ts';

/**
 * Fields that speak of one connection only (RFC 9110, 7.6.1) or of one message's framing, which whoever writes the
 * message decides anew. Never passed on, in either direction. `Expect` too: the engine answers or repeats it itself.
 */
const ofThisHop: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'content-length',
  'expect',
  'proxy-authenticate',
  'proxy-authorization',
];

/**
 * Fields that the gateway or a service relies on. A sender must not be able to have them removed by naming them in
 * `Connection`: that would let a client shed its own credentials' checks or the gateway's word about it.
 */
const protectedFields: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'cookie',
  'set-cookie',
  'content-type',
  'content-encoding',
  'content-range',
  'date',
  'cache-control',
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'x-request-id',
  'x-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
  ...ofThisHop,
]);

const hopFields: ReadonlySet<string> = new Set(ofThisHop);

/** Whether a field, in lower case, speaks of one connection or of one message's framing: it never goes further. */
export function isOfThisHop(lowerName: string): boolean {
  return hopFields.has(lowerName);
}

const noTokens: readonly string[] = [];

/** The fields the sender's `Connection` names, in lower case, without those it has no say over. */
export function nominatedFields(connection: readonly string[]): readonly string[] {
  let found: string[] | undefined;
  for (const token of connection) {
    if (token === 'close' || protectedFields.has(token)) continue;
    found ??= [];
    found.push(token);
  }
  return found ?? noTokens;
}

/** What is done with a field when a head is passed on. `own`: the direction's own rules decide. */
export const passOn = 0;
export const leaveOut = 1;
const own = 2;

/** What to do with each of the codec's names: those of this hop are left out, `ownNames` decided on, all others passed on. */
export function fieldActions(ownNames: readonly string[]): Uint8Array {
  const actions = new Uint8Array(FIELD_ID_COUNT);
  for (const [names, action] of [
    [ofThisHop, leaveOut],
    [ownNames, own],
  ] as const) {
    for (const name of names) {
      const id = fieldNameId(name);
      if (id === 0) throw new Error(`The codec has no id for ${name}: add it to its table of names`);
      actions[id] = action;
    }
  }
  return actions;
}

const keepAliveId = fieldNameId('keep-alive');

/** How long the sender keeps an idle connection: `Keep-Alive: timeout=5`, in whole seconds; undefined if it does not say. */
export function keepAliveMs(fields: HeaderList, ids: readonly number[]): number | undefined {
  const at = ids.indexOf(keepAliveId);
  if (at < 0) return undefined;
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(fields[at * 2 + 1] ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
