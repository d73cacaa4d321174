/** The oldest Node that runs TypeScript and has everything that Flotilla needs. */
export const neededNode = '24.15.0';

/** The message for a Node that is too old; undefined if it is new enough. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = neededNode.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `Flotilla needs Node ${neededMajor}.${neededMinor} or newer; this is ${version}. Install a current one from https://nodejs.org, then try again.`;
}
