/** Makes failing bytes as short as it can by leaving parts out, large ones first, for as long as the failure stays. */
export async function shrink(bytes: string, fails: (candidate: string) => Promise<boolean>): Promise<string> {
  let current = bytes;
  for (let size = current.length >> 1; size >= 1; size = size >> 1) {
    for (let at = 0; at < current.length; ) {
      const candidate = current.slice(0, at) + current.slice(at + size);
      if (await fails(candidate)) current = candidate;
      else at += size;
    }
  }
  return current;
}
