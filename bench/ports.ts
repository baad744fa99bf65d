/**
 * Fixed ports: a browser keeps what a page stored under the page's origin, and an account keeps its
 * node's address, so both must be the same in every run.
 */
export const ports = {
  /** The official SDK's page, and the collector for all pages. */
  sdk: 47310,
  /** The bare bindings' page: another origin, so that each has its own storage. */
  bindings: 47311,
  network: { grpc: 47320, grpcWeb: 47321, history: 47322, control: 47323 },
} as const;

export const collectorAddress = `http://127.0.0.1:${ports.sdk}`;
export const hosts = {
  node: `http://127.0.0.1:${ports.network.grpcWeb}`,
  history: `http://127.0.0.1:${ports.network.history}`,
};
export const controlAddress = `http://127.0.0.1:${ports.network.control}`;
