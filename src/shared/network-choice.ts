/** The networks that a person can choose, and the addresses that each of them means. */
import * as v from 'valibot';

/** An http(s) origin or base address, without a trailing slash. */
export const hostSchema = v.pipe(
  v.string(),
  v.trim(),
  v.url(),
  v.regex(/^https?:\/\//),
  v.check((value) => {
    if (!URL.canParse(value)) return false;
    const { username, password, search, hash } = new URL(value);
    return username === '' && password === '' && search === '' && hash === '';
  }),
  v.transform((value) => value.replace(/\/+$/, '')),
);

export const networkChoiceSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('production') }),
  v.strictObject({ kind: v.literal('dev') }),
  v.strictObject({ kind: v.literal('local') }),
  v.strictObject({ kind: v.literal('custom'), nodeUrl: hostSchema, historyUrl: hostSchema }),
  v.strictObject({ kind: v.literal('gateway'), gatewayUrl: hostSchema, historyUrl: hostSchema }),
]);

/** Which network an inbox lives on. One choice belongs to an account for good. */
export type NetworkChoice = v.InferOutput<typeof networkChoiceSchema>;

/** What libxmtp is built with, and the only hosts that the engine lets it contact. */
export interface NetworkEndpoints {
  /** Names the environment to libxmtp; `nodeUrl` overrides the address that it stands for. */
  readonly environment: 'production' | 'dev' | 'local' | 'mainnet';
  /** gRPC-web address of the node; null when a gateway is used. */
  readonly nodeUrl: string | null;
  readonly gatewayUrl: string | null;
  readonly historyUrl: string;
}

/**
 * The addresses of a network. Node hosts are libxmtp 1.11's own constants for its environments
 * (xmtp_configuration), history servers those of the official browser SDK 7.1.
 */
export function endpointsOf(network: NetworkChoice): NetworkEndpoints {
  switch (network.kind) {
    case 'production':
      return {
        environment: 'production',
        nodeUrl: 'https://api.production.xmtp.network:5558',
        gatewayUrl: null,
        historyUrl: 'https://message-history.production.ephemera.network',
      };
    case 'dev':
      return {
        environment: 'dev',
        nodeUrl: 'https://api.dev.xmtp.network:5558',
        gatewayUrl: null,
        historyUrl: 'https://message-history.dev.ephemera.network',
      };
    case 'local':
      return {
        environment: 'local',
        nodeUrl: 'http://localhost:5557',
        gatewayUrl: null,
        historyUrl: 'http://localhost:5558',
      };
    case 'custom':
      return {
        environment: 'local',
        nodeUrl: network.nodeUrl,
        gatewayUrl: null,
        historyUrl: network.historyUrl,
      };
    case 'gateway':
      return {
        environment: 'mainnet',
        nodeUrl: null,
        gatewayUrl: network.gatewayUrl,
        historyUrl: network.historyUrl,
      };
  }
}
