/** A server that is asked at `url`, and can be stopped and started again with what it knew. */
export interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Where it answers DNS queries. */
  readonly dnsPort: number;
  restart(): Promise<void>;
}
