import { addressKind, type Clock } from '@flotilla/contracts';
import { ConfigurationError, flag, integer, type Setting, text } from '@flotilla/kit/config';
import type { Logger } from '@flotilla/kit/logger';
import { AccessGate, RequestAccess, TokenSource } from '@flotilla/registry';

interface AccessConfig {
  readonly REGISTRY_TOKENS: string | undefined;
  readonly REGISTRY_TOKENS_FILE: string | undefined;
  readonly ALLOW_OPEN_REGISTRY: boolean;
  readonly MAX_CONNECTIONS_PER_CLIENT: number;
}

/** The settings that say who may do what. */
export const accessSettings: { readonly [K in keyof AccessConfig]: Setting<AccessConfig[K]> } = {
  REGISTRY_TOKENS: text({
    describe:
      'Access tokens and what each may do: a JSON array. Unset: everybody who can reach the registry may do everything',
    optional: true,
    secret: true,
    maxLength: 1_048_576,
    example: '[{"name":"orders","token":"<at least 16 characters>","register":["order-"]}]',
  }),
  REGISTRY_TOKENS_FILE: text({
    describe: 'File with the access tokens, in the form of REGISTRY_TOKENS. Changes apply within a second or two',
    optional: true,
    example: '/etc/flotilla/tokens.json',
  }),
  ALLOW_OPEN_REGISTRY: flag({
    describe:
      'Whether a registry without access tokens may listen on an address that other machines reach. Anyone there may then register, change and remove instances and keys',
    default: false,
  }),
  MAX_CONNECTIONS_PER_CLIENT: integer({
    describe:
      'Maximum number of connections from one client: an IPv4 address, or the /64 network of an IPv6 address. All programs behind a proxy or NAT are one client',
    default: 20_000,
    min: 1,
    max: 1_000_000,
  }),
};

/** What {@link openAccess} works with. */
export interface AccessContext {
  readonly config: AccessConfig & { readonly SERVER_HOST: string };
  readonly logger: Logger;
  readonly clock: Clock;
  onClose(run: () => void): void;
}

/**
 * Who may do what, as the settings say.
 *
 * @throws {ConfigurationError} when the tokens can't be read, or there are none though other machines reach this one
 */
export function openAccess({ config, logger, clock, onClose }: AccessContext): RequestAccess {
  const source = new TokenSource({
    inline: config.REGISTRY_TOKENS,
    file: config.REGISTRY_TOKENS_FILE,
    clock,
    onChange: (entries) => {
      gate.replace(entries);
      logger.info({ tokens: entries.length }, 'the access tokens have changed');
    },
    onProblem: (problem) =>
      logger.error({ problem }, 'the access tokens stay as they were: the new ones are not valid'),
  });
  onClose(() => source.close());
  const gate = new AccessGate({ clock, entries: source.entries });
  if (gate.isOpen && addressKind(config.SERVER_HOST) !== 'loopback') {
    if (!config.ALLOW_OPEN_REGISTRY)
      throw new ConfigurationError(
        `SERVER_HOST ${config.SERVER_HOST} lets other machines reach this registry, and it has no access tokens: anyone there could register, change and remove instances and keys. Set REGISTRY_TOKENS_FILE (docs: guides/access.md), or SERVER_HOST=127.0.0.1, or, in a network where everyone is trusted, ALLOW_OPEN_REGISTRY=true.`,
      );
    logger.warn(
      { address: config.SERVER_HOST },
      'this registry is open: anyone who can reach this address may register, change and remove instances and keys (ALLOW_OPEN_REGISTRY)',
    );
  }
  return new RequestAccess(gate);
}
