/** A network and independent clients of its RPC ports: connect-node's, which shares no code with it. */
import { createClient, type Client } from '@connectrpc/connect';
import { createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll } from 'vitest';
import { IdentityApi } from '../../../network/gen/xmtp/identity/api/v1/identity_pb.ts';
import {
  MlsApi,
  type GroupMessage,
  type WelcomeMessageInputSchema,
} from '../../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { startLocalNetwork, type LocalNetwork } from '../../../network/index.ts';

export const protocols = ['gRPC', 'gRPC-web'] as const;
export type ProtocolName = (typeof protocols)[number];

export interface Wire {
  readonly mls: Client<typeof MlsApi>;
  readonly identity: Client<typeof IdentityApi>;
}

export function connect(network: LocalNetwork, protocol: ProtocolName): Wire {
  const { grpc, grpcWeb } = network.addresses;
  const transport =
    protocol === 'gRPC'
      ? createGrpcTransport({ baseUrl: grpc })
      : createGrpcWebTransport({ baseUrl: grpcWeb, httpVersion: '1.1' });
  return { mls: createClient(MlsApi, transport), identity: createClient(IdentityApi, transport) };
}

/** One network for a file's tests, which use groups and inboxes of their own. */
export function useNetwork(): { readonly current: LocalNetwork } {
  let network: LocalNetwork | null = null;
  beforeAll(async () => {
    network = await startLocalNetwork();
  });
  afterAll(() => network?.stop());
  return {
    get current() {
      if (network === null) throw new Error('The network runs only inside tests.');
      return network;
    },
  };
}

let fresh = 0;

/** A key or id that no other test uses. */
export function freshId(length = 32): Uint8Array<ArrayBuffer> {
  const id = new Uint8Array(length).fill(0xc0);
  new DataView(id.buffer).setUint32(0, ++fresh);
  return id;
}

export const freshInboxId = (): string => Buffer.from(freshId()).toString('hex');

/** A vector with MLS's variable-length prefix. */
export function vector(bytes: Uint8Array): Buffer {
  const { length } = bytes;
  const prefix =
    length < 64
      ? Buffer.from([length])
      : length < 16384
        ? Buffer.from([0x40 | (length >> 8), length & 0xff])
        : Buffer.from([
            0x80 | (length >>> 24),
            (length >> 16) & 0xff,
            (length >> 8) & 0xff,
            length & 0xff,
          ]);
  return Buffer.concat([prefix, bytes]);
}

/** A private MLS message, whose ciphertext is a text that tests can read. */
export function mlsMessage(groupId: Uint8Array, text: string, contentType = 1): Buffer {
  return Buffer.concat([
    Buffer.from([0, 1, 0, 2]),
    vector(groupId),
    Buffer.alloc(8),
    Buffer.from([contentType]),
    vector(Buffer.alloc(0)),
    vector(Buffer.alloc(20)),
    vector(Buffer.from(text)),
  ]);
}

/** The structure of a key package with nothing in it but what a node reads. */
export function keyPackage(signatureKey: Uint8Array, initKey = 'init'): Buffer {
  const empty = vector(Buffer.alloc(0));
  return Buffer.concat([
    Buffer.from([0, 1, 0, 1]),
    vector(Buffer.from(initKey)),
    vector(Buffer.from('encryption key')),
    vector(signatureKey),
    Buffer.from([0, 1]),
    vector(Buffer.from('credential')),
    ...Array.from({ length: 5 }, () => empty),
    Buffer.from([1]),
    Buffer.alloc(16),
    empty,
    vector(Buffer.alloc(64)),
    empty,
    vector(Buffer.alloc(64)),
  ]);
}

export const groupMessage = (data: Uint8Array<ArrayBuffer>) => ({
  version: { case: 'v1' as const, value: { data, shouldPush: true } },
});

export const send = (mls: Wire['mls'], groupId: Uint8Array, ...texts: readonly string[]) =>
  mls.sendGroupMessages({
    messages: texts.map((text) => groupMessage(new Uint8Array(mlsMessage(groupId, text)))),
  });

export const welcome = (
  installationKey: Uint8Array<ArrayBuffer>,
  text: string,
): MessageInitShape<typeof WelcomeMessageInputSchema> => ({
  version: {
    case: 'v1',
    value: { installationKey, data: Buffer.from(text), hpkePublicKey: new Uint8Array(32) },
  },
});

export function idOf({ version }: GroupMessage): bigint {
  if (version.case !== 'v1') throw new Error('a group message without a version');
  return version.value.id;
}

/** The text of a message that `mlsMessage` made. */
export function textOf({ version }: GroupMessage): string {
  if (version.case !== 'v1') throw new Error('a group message without a version');
  const { data, groupId } = version.value;
  const start = 4 + 1 + groupId.length + 8 + 1 + 1 + 21;
  const first = data[start] ?? 0;
  return Buffer.from(data.subarray(start + (1 << (first >> 6)))).toString('utf8');
}
