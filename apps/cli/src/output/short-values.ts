import type { OutputStream } from '@flotilla/kit/output';

/** `12 s`, `3 min`, `5 h`, `2 d`. */
export function shortTime(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `310 MB`, `1.2 GB`. */
export function shortSize(bytes: number): string {
  const megabytes = bytes / 1e6;
  return megabytes < 999.5 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1_000).toFixed(1)} GB`;
}

/** How wide a table may be that is written to `stream`; undefined: as wide as it is, since no terminal breaks its lines. */
export function columnsOf(stream: OutputStream): number | undefined {
  return stream.isTTY === true ? stream.columns || undefined : undefined;
}
