import { programs } from '@flotilla/fleet/plan';

/** What `--help` prints. */
export const usage: string = `flotilla up [options]        starts the fleet on this machine and watches over it

Options
  --only <names>             run these programs only, separated by commas
  --scale <name>=<number>    run several instances of a program; the extra ones take free ports
  --free-ports               take free ports for everything, so that a second fleet can run beside the first
  --data <folder>            keep the database files here (default: data)
  --hang-limit <seconds>     start a program again that has not answered /livez for so long (default: 30; 0: never)
  --verbose                  show every log line with all its fields (as LOG_LEVEL=debug does)
  --help, --version

Programs and their ports
${programs.map((program) => `  ${program.name.padEnd(25)}${program.defaultPort}`).join('\n')}

Settings
  Environment variables reach every program (npm start with LOG_LEVEL=debug, for example). To set one for a single
  program, put its name before it: USER_SERVICE__LOG_LEVEL=debug, GATEWAY__SERVER_PORT=9080.
  "node apps/user-service/src/main.ts --help" lists the settings of a program.

Examples
  npm start
  npm start -- --scale user-service=2,order-service=3
  npm start -- --only service-registry,user-service

Stopping
  Ctrl-C lets every program finish what it is answering, for at most its DRAIN_TIMEOUT_MS; a second one ends all at once.

Exit codes: 0 stopped, 1 ended at once by a second Ctrl-C, 64 the command line is wrong, 78 the configuration is wrong or a port is in use.
`;
