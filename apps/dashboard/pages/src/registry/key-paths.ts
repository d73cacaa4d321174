/** The path of a key in the dashboard's API: slashes stay, since they mean nothing to the registry but to people. */
export function pathOfKey(key: string): string {
  return `/api/registry/kv/${key.split('/').map(encodeURIComponent).join('/')}`;
}
