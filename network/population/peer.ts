/**
 * A person with a real libxmtp client in this process: the wasm bindings run in plain Node, with their
 * database in memory. Used by the population, tests and benchmarks.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import init, {
  BackendBuilder,
  createClientWithBackend,
  DeviceSyncMode,
  generateInboxId,
  getInboxIdForIdentifier,
  IdentifierKind,
  LogLevel,
  XmtpEnv,
  type Client,
  type Identifier,
} from '@xmtp/wasm-bindings';

export interface PeerOptions {
  /** gRPC-web address of the node. */
  readonly node: string;
  readonly history: string;
  /** 32 bytes, secp256k1; the same key gives another installation of the same inbox. */
  readonly privateKey?: Uint8Array;
  readonly deviceSync?: boolean;
}

export interface Peer {
  readonly client: Client;
  readonly inboxId: string;
  readonly installationId: string;
  readonly address: string;
  readonly identifier: Identifier;
  readonly privateKey: Uint8Array;
}

let loading: Promise<unknown> | null = null;

/** Compiles the bindings once for this process. */
export function loadBindings(): Promise<unknown> {
  loading ??= (async () => {
    const wasm = new URL('bindings_wasm_bg.wasm', import.meta.resolve('@xmtp/wasm-bindings'));
    await init({ module_or_path: await readFile(fileURLToPath(wasm)) });
  })();
  return loading;
}

/** Makes a client and registers its installation. */
export async function createPeer(options: PeerOptions): Promise<Peer> {
  await loadBindings();
  const privateKey = options.privateKey ?? secp256k1.utils.randomSecretKey();
  const address = addressOf(privateKey);
  const identifier = { identifier: address, identifierKind: IdentifierKind.Ethereum };
  const backend = new BackendBuilder(XmtpEnv.Local).setApiUrl(options.node).build();
  const inboxId =
    (await getInboxIdForIdentifier(backend, identifier)) ?? generateInboxId(identifier, 1n);
  const client = await createClientWithBackend(
    backend,
    inboxId,
    identifier,
    null,
    null,
    options.deviceSync === true ? DeviceSyncMode.Enabled : DeviceSyncMode.Disabled,
    null,
    { level: LogLevel.Off },
  );
  const request = client.createInboxSignatureRequest();
  if (request !== undefined) {
    const text = await request.signatureText();
    await request.addEcdsaSignature(signText(text, privateKey));
    await client.registerIdentity(request);
  }
  const { installationId } = client;
  return { client, inboxId: client.inboxId, installationId, address, identifier, privateKey };
}

/** The lower-case Ethereum address of a key. */
export function addressOf(privateKey: Uint8Array): string {
  const publicKey = secp256k1.getPublicKey(privateKey, false);
  return `0x${Buffer.from(keccak_256(publicKey.subarray(1)).subarray(-20)).toString('hex')}`;
}

/** An EIP-191 personal signature: r, s, v. */
export function signText(text: string, privateKey: Uint8Array): Uint8Array {
  const message = new TextEncoder().encode(text);
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`);
  const digest = keccak_256(new Uint8Array([...prefix, ...message]));
  const recovered = secp256k1.sign(digest, privateKey, { prehash: false, format: 'recovered' });
  const recovery = recovered[0] ?? 0;
  return new Uint8Array([...recovered.subarray(1), recovery + 27]);
}
