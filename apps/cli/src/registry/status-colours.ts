/** The colours of what an instance or a check is, by its word. */
export const statusColours: Readonly<Record<string, number>> = {
  passing: 32,
  ready: 32,
  warning: 33,
  draining: 33,
  suspect: 33,
  maintenance: 33,
  critical: 31,
  'not ready': 31,
};
