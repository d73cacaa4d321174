/** `1-02:03:04`, `2:03.45`: days, hours, minutes and seconds, as far as there are any. */
export function cpuTimeMs(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000) || 0;
}
