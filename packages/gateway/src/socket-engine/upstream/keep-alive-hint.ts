import { fieldNameId, type ResponseHead } from '@flotilla/http1';

const keepAliveId = fieldNameId('keep-alive');

/** What the upstream says about how long it keeps an idle connection: `Keep-Alive: timeout=5`, in whole seconds. */
export function keepAliveHint(head: ResponseHead): number | undefined {
  const at = head.ids.indexOf(keepAliveId);
  if (at < 0) return undefined;
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})/i.exec(head.fields[at * 2 + 1] ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
