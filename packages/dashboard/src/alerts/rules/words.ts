/** `3.2 %`, in both languages. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} %`;
}

/** `850 ms`, `3.2 s` */
export function milliseconds(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 100) / 100} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}

/** `1.4 GiB`, `300 MiB` */
export function bytes(count: number): string {
  const gibi = count / 1_073_741_824;
  return gibi >= 1 ? `${Math.round(gibi * 10) / 10} GiB` : `${Math.round(count / 1_048_576)} MiB`;
}
