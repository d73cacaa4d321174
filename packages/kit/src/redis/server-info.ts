/** What a server says of itself in reply to INFO. */
export interface ServerInfo {
  /** Another one after each start of the server. */
  readonly run: string | undefined;
  /** Whether it is still reading its data from the disk, and answers nothing else. */
  readonly loading: boolean;
}

export function readServerInfo(text: string): ServerInfo {
  const run = /^run_id:([\w-]{8,64})\s*$/m.exec(text)?.[1];
  return { run, loading: /^loading:1\s*$/m.test(text) };
}
