import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { engineCache } from '@flotilla/conformance/registries';
import { type Finished, missing, programOnPath, run } from '../engine/programs.ts';

/** Stock programs that speak gRPC without having our .proto files. */
export interface GrpcTools {
  /** Lists, describes and calls. */
  readonly grpcurl: string;
  /** Asks for health, as Kubernetes does. */
  readonly healthProbe: string;
  /** Loads a method. */
  readonly ghz: string;
}

/** The programs, or undefined after skipping the test with the reason. */
export function grpcToolsFor(t: TestContext): GrpcTools | undefined {
  const [grpcurl, healthProbe, ghz] = ['grpcurl', 'grpc-health-probe', 'ghz'].map((name) =>
    programOnPath(name, [join(engineCache, 'grpc-tools')]),
  );
  if (grpcurl !== undefined && healthProbe !== undefined && ghz !== undefined) return { grpcurl, healthProbe, ghz };
  return missing(t, "gRPC's stock tools are not installed (tests/clients/install.sh)", 'grpc-tools');
}

/** What a load has come to. */
export interface LoadReport {
  readonly count: number;
  readonly rps: number;
  /** How many calls ended with each status. */
  readonly statusCodeDistribution: Readonly<Record<string, number>>;
}

/** Calls a method again and again, from several connections at once. */
export async function load(
  { ghz }: GrpcTools,
  port: number,
  method: string,
  o: { readonly data: object; readonly calls: number; readonly metadata?: object },
): Promise<LoadReport> {
  const args = ['--insecure', '--format=json', `--call=${method}`, `--data=${JSON.stringify(o.data)}`];
  const metadata = o.metadata === undefined ? [] : [`--metadata=${JSON.stringify(o.metadata)}`];
  const how = [`--total=${o.calls}`, '--concurrency=20', '--connections=4', `127.0.0.1:${port}`];
  const finished = await run(ghz, [...args, ...metadata, ...how]);
  if (finished.status !== 0) throw new Error(finished.stdout + finished.stderr);
  return JSON.parse(finished.stdout) as LoadReport; // What ghz says of its output.
}

/** Runs grpcurl at a server on loopback: options before its address, and what to do behind it. */
export function curl(
  { grpcurl }: GrpcTools,
  port: number,
  words: readonly string[],
  options: readonly string[] = [],
): Promise<Finished> {
  return run(grpcurl, ['-plaintext', ...options, `127.0.0.1:${port}`, ...words]);
}
