/** PEM files of a self-signed certificate. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Both in one file, as HAProxy wants it. */
  readonly bothFile: string;
}

/** Where a proxy is to run and what it is to do. */
export interface ProxyPlace {
  readonly port: number;
  readonly upstreamPort: number;
  /** Processes or threads that share the work. */
  readonly workers: number;
  /** Present: clients come with TLS. */
  readonly tls: CertificateFiles | undefined;
  /** A folder of its own, removed at the end. */
  readonly folder: string;
}

/** What to execute. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export type LaunchOrSkip = Launch | { readonly skipped: string };

/** A proxy that takes part. */
export interface ProxyKind {
  readonly name: string;
  /** As the report calls it. */
  readonly title: string;
  /** Builds or installs what is needed. The reason when it can't take part, else its version. */
  prepare(): { readonly version: string } | { readonly skipped: string };
  /** How to start it; or why it can't do what the place asks for. */
  launch(place: ProxyPlace): LaunchOrSkip;
}
