/** The entry point of a package's command. */
export interface ProgramEntry {
  /** What people type: `flotilla`. */
  readonly command: string;
  /** The built file, from the folder of the entry: `../dist/main.js`. */
  readonly main: string;
  /** The oldest Node that can run it: `24.15.0`. */
  readonly node: string;
}

/**
 * The text of the file behind a command. An older Node would end with a syntax error or a missing module, which says
 * nothing to a user; npm only warns of it when the package is installed. So this file is written for any Node.
 */
export function programEntry({ command, main, node }: ProgramEntry): string {
  return `#!/usr/bin/env node
const [major, minor, patch] = process.versions.node.split('.').map(Number);
const [leastMajor, leastMinor, leastPatch] = [${node.split('.').join(', ')}];
const distance = major - leastMajor || minor - leastMinor || patch - leastPatch;
if (distance < 0) {
  process.stderr.write(
    \`${command} needs Node ${node} or newer, and this is Node \${process.versions.node}. Install a newer one from https://nodejs.org.\\n\`,
  );
  process.exitCode = 1;
} else {
  await import('${main}');
}
`;
}
