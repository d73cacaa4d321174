import type { AppError, Clock } from '@flotilla/contracts';
import type { CentralConfig, CentralListener, FollowedConfig } from '@flotilla/contracts/central-config';
import { type ConfigSchema, configKeys } from '@flotilla/contracts/config-schema';
import { type ClientLogger, OutageLog } from '../retry/outage-log.ts';
import type { KeySource } from './key-source.ts';
import { PrefixWatch } from './prefix-watch.ts';
import { publishText } from './schema-publisher.ts';

/** What {@link centralOver} needs. */
export interface CentralParts {
  readonly source: KeySource;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: ClientLogger;
}

/** Central config over the keys of a registry: `config/<service>/…` and `config/shared/…`. */
export function centralOver(parts: CentralParts): CentralConfig {
  return { follow: (service, listener) => new Following(parts, service, listener) };
}

class Following implements FollowedConfig {
  readonly #parts: CentralParts;
  readonly #service: string;
  readonly #closed = new AbortController();
  readonly #watches: readonly PrefixWatch[];
  #own: ReadonlyMap<string, string> | undefined;
  #shared: ReadonlyMap<string, string> | undefined;
  #schema: ConfigSchema | undefined;
  #publishing: Promise<void> = Promise.resolve();
  /** By prefix: why the registry does not let this program read. */
  readonly #refused = new Map<string, string>();
  /** The registry could not be asked, so it may have lost its data meanwhile. */
  #wasAway = false;

  constructor(parts: CentralParts, service: string, listener: CentralListener) {
    this.#parts = parts;
    this.#service = service;
    const { clock, logger, random, source } = parts;
    const outage = new OutageLog(clock, logger, {
      down: 'cannot read central config; still using the last known values; retrying',
      up: 'reading central config again',
    });
    const watch = (prefix: string, keep: (texts: ReadonlyMap<string, string>) => void): PrefixWatch =>
      new PrefixWatch({
        ...{ source, prefix, clock, random },
        onTexts: (texts) => {
          keep(texts);
          if (this.#own !== undefined && this.#shared !== undefined)
            listener.changed({ own: this.#own, shared: this.#shared });
        },
        onAnswer: () => {
          outage.succeeded();
          if (!this.#wasAway) return;
          this.#wasAway = false;
          this.#publishKnown();
        },
        onFailure: (error) => {
          this.#wasAway = true;
          outage.failed(error);
          listener.failed();
        },
        onRefusal: (error) => this.#sayRefused(prefix, error),
        onLoss: () =>
          logger.warn(
            { prefix },
            'the registry has lost its keys; still using the last known values until somebody writes one of these keys',
          ),
      });
    this.#watches = [
      watch(configKeys.ofService(service), (texts) => (this.#own = texts)),
      watch(configKeys.shared, (texts) => (this.#shared = texts)),
    ];
  }

  publish(schema: ConfigSchema): void {
    this.#schema = schema;
    this.#publishKnown();
  }

  /** Says it once, and again when the reason is another. */
  #sayRefused(prefix: string, error: AppError): void {
    const reason = error.detail ?? error.message;
    if (this.#refused.get(prefix) === reason) return;
    this.#refused.set(prefix, reason);
    this.#parts.logger.warn(
      { prefix, reason },
      'the registry does not let this program read its central config. Give its REGISTRY_TOKEN the right to read these keys',
    );
  }

  /** Once the last try is over: it is for the same text. */
  #publishKnown(): void {
    if (this.#schema === undefined) return;
    const { source, clock, random, logger } = this.#parts;
    const key = configKeys.schemaOf(this.#service);
    const text = JSON.stringify(this.#schema);
    const again = () => publishText({ source, clock, random, logger, signal: this.#closed.signal, key, text });
    this.#publishing = this.#publishing.then(again);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all([...this.#watches.map((watch) => watch.close()), this.#publishing]);
    this.#parts.source.close();
  }
}
