/** Whatever arrives on the RPC ports: a status and a message, nothing stored, and the network goes on. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  FetchKeyPackagesRequestSchema,
  QueryGroupMessagesRequestSchema,
  SendGroupMessagesRequestSchema,
  SendWelcomeMessagesRequestSchema,
  SubscribeWelcomeMessagesRequestSchema,
  UploadKeyPackageRequestSchema,
} from '../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import {
  GetIdentityUpdatesRequestSchema,
  GetInboxIdsRequestSchema,
  PublishIdentityUpdateRequestSchema,
} from '../../network/gen/xmtp/identity/api/v1/identity_pb.ts';
import { framed, rawCall, type RawAnswer } from './support/raw.ts';
import {
  connect,
  freshId,
  keyPackage,
  mlsMessage,
  protocols,
  send,
  useNetwork,
} from './support/wire.ts';

const network = useNetwork();
const status = { invalid: 3, exhausted: 8, unimplemented: 12 };
const mls = (method: string) => `/xmtp.mls.api.v1.MlsApi/${method}`;
const identity = (method: string) => `/xmtp.identity.api.v1.IdentityApi/${method}`;
const key = freshId();
/** A number that no enum of the protocol has. */
const unknownEnum = 77 as never;

/** A group message with these bytes as its data. */
const sending = (data: Uint8Array) =>
  framed(SendGroupMessagesRequestSchema, {
    messages: [{ version: { case: 'v1', value: { data: new Uint8Array(data) } } }],
  });
const uploading = (bytes: Uint8Array) =>
  framed(UploadKeyPackageRequestSchema, {
    keyPackage: { keyPackageTlsSerialized: new Uint8Array(bytes) },
  });
const publishing = (identityUpdate: object) =>
  framed(PublishIdentityUpdateRequestSchema, { identityUpdate });

const message = mlsMessage(freshId(16), 'hello');
const patched = (bytes: Buffer, at: number, value: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
};
const query = framed(QueryGroupMessagesRequestSchema, { groupId: freshId(16) });

const refused: readonly (readonly [what: string, path: string, body: Buffer, says: RegExp])[] = [
  ['no message', mls('SendGroupMessages'), Buffer.alloc(0), /no message/],
  ['half a frame header', mls('SendGroupMessages'), Buffer.alloc(3), /inside a frame header/],
  ['half a message', mls('QueryGroupMessages'), query.subarray(0, -2), /ends inside its message/],
  ['two messages', mls('QueryGroupMessages'), Buffer.concat([query, query]), /more than one/],
  ['unknown frame flags', mls('QueryGroupMessages'), patched(query, 0, 0x42), /flags/],
  [
    'what is no protobuf',
    mls('QueryGroupMessages'),
    Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]),
    /not a/,
  ],
  ['messages: none', mls('SendGroupMessages'), framed(SendGroupMessagesRequestSchema, {}), /none/],
  [
    'a message without a version',
    mls('SendGroupMessages'),
    framed(SendGroupMessagesRequestSchema, { messages: [{}] }),
    /messages\[0\]: no version/,
  ],
  ['an empty MLS message', mls('SendGroupMessages'), sending(Buffer.alloc(0)), /ends at byte 0/],
  [
    'an unknown MLS version',
    mls('SendGroupMessages'),
    sending(patched(message, 1, 9)),
    /version 9/,
  ],
  [
    'a welcome sent to a group',
    mls('SendGroupMessages'),
    sending(patched(message, 3, 3)),
    /wire format 3/,
  ],
  [
    'a truncated MLS message',
    mls('SendGroupMessages'),
    sending(message.subarray(0, -1)),
    /ends at/,
  ],
  [
    'bytes after an MLS message',
    mls('SendGroupMessages'),
    sending(Buffer.concat([message, key])),
    /left over/,
  ],
  [
    'an unknown content type',
    mls('SendGroupMessages'),
    sending(patched(message, 29, 7)),
    /content type 7/,
  ],
  ['an empty key package', mls('UploadKeyPackage'), uploading(Buffer.alloc(0)), /missing/],
  [
    'a key of 31 bytes',
    mls('UploadKeyPackage'),
    uploading(keyPackage(key.subarray(1))),
    /31 bytes/,
  ],
  [
    'a truncated key package',
    mls('RegisterInstallation'),
    uploading(keyPackage(key).subarray(0, -9)),
    /ends at/,
  ],
  [
    'an unknown key package version',
    mls('UploadKeyPackage'),
    uploading(patched(keyPackage(key), 1, 2)),
    /version 2/,
  ],
  [
    'a short installation key',
    mls('FetchKeyPackages'),
    framed(FetchKeyPackagesRequestSchema, { installationKeys: [key, new Uint8Array(5)] }),
    /installation_keys\[1\]: 5 bytes/,
  ],
  [
    'no group id',
    mls('QueryGroupMessages'),
    framed(QueryGroupMessagesRequestSchema, {}),
    /group_id/,
  ],
  [
    'an unknown direction',
    mls('QueryGroupMessages'),
    framed(QueryGroupMessagesRequestSchema, {
      groupId: key,
      pagingInfo: { direction: unknownEnum },
    }),
    /direction: 77/,
  ],
  [
    'a subscription to a short key',
    mls('SubscribeWelcomeMessages'),
    framed(SubscribeWelcomeMessagesRequestSchema, {
      filters: [{ installationKey: new Uint8Array(4) }],
    }),
    /4 bytes/,
  ],
  [
    'a welcome without its key',
    mls('SendWelcomeMessages'),
    framed(SendWelcomeMessagesRequestSchema, {
      messages: [{ version: { case: 'v1', value: { installationKey: key, data: key } } }],
    }),
    /hpke_public_key/,
  ],
  [
    'a welcome wrapped in an unknown way',
    mls('SendWelcomeMessages'),
    framed(SendWelcomeMessagesRequestSchema, {
      messages: [
        {
          version: {
            case: 'v1',
            value: {
              installationKey: key,
              data: key,
              hpkePublicKey: key,
              wrapperAlgorithm: unknownEnum,
            },
          },
        },
      ],
    }),
    /wrapper_algorithm: 77/,
  ],
  [
    'no identity update',
    identity('PublishIdentityUpdate'),
    framed(PublishIdentityUpdateRequestSchema, {}),
    /missing/,
  ],
  [
    'an inbox id that is none',
    identity('PublishIdentityUpdate'),
    publishing({ inboxId: 'zz' }),
    /64 hex/,
  ],
  [
    'an update that does nothing',
    identity('PublishIdentityUpdate'),
    publishing({ inboxId: 'ab'.repeat(32) }),
    /none/,
  ],
  [
    'an action of an unknown kind',
    identity('PublishIdentityUpdate'),
    publishing({ inboxId: 'ab'.repeat(32), actions: [{}] }),
    /no kind/,
  ],
  [
    'a log of no inbox',
    identity('GetIdentityUpdates'),
    framed(GetIdentityUpdatesRequestSchema, { requests: [{ inboxId: '' }] }),
    /64 hex/,
  ],
  [
    'an identifier of an unknown kind',
    identity('GetInboxIds'),
    framed(GetInboxIdsRequestSchema, {
      requests: [{ identifier: 'x', identifierKind: unknownEnum }],
    }),
    /77 is unknown/,
  ],
];

function expectStatus(answer: RawAnswer, code: number, says: RegExp): void {
  expect(answer.httpStatus).toBe(200);
  expect(decodeURIComponent(answer.headers['grpc-message'] ?? '')).toMatch(says);
  expect(answer.headers['grpc-status']).toBe(String(code));
}

describe.each(protocols)('over %s', (protocol) => {
  afterEach(async () => {
    // Nothing of all this was stored, and the network still works.
    expect((await network.current.control.status()).welcomes).toBe(0);
    const { mls: wire } = connect(network.current, protocol);
    const group = freshId(16);
    await send(wire, group, 'still there');
    expect((await wire.queryGroupMessages({ groupId: group })).messages).toHaveLength(1);
  });

  test.each(refused)('%s: INVALID_ARGUMENT', async (_, path, body, says) => {
    const before = (await network.current.control.status()).groupMessages;
    expectStatus(await rawCall(network.current, protocol, path, body), status.invalid, says);
    expect((await network.current.control.status()).groupMessages).toBe(before);
    const { keyPackages } = await connect(network.current, protocol).mls.fetchKeyPackages({
      installationKeys: [key],
    });
    expect(keyPackages[0]?.keyPackageTlsSerialized).toHaveLength(0);
  });

  test('one bad message in a call keeps the good ones out, too', async () => {
    const group = freshId(16);
    const body = framed(SendGroupMessagesRequestSchema, {
      messages: [mlsMessage(group, 'good'), Buffer.from('bad')].map((data) => ({
        version: { case: 'v1' as const, value: { data: new Uint8Array(data) } },
      })),
    });
    const answer = await rawCall(network.current, protocol, mls('SendGroupMessages'), body);
    expectStatus(answer, status.invalid, /messages\[1\]/);
    const { mls: wire } = connect(network.current, protocol);
    expect((await wire.queryGroupMessages({ groupId: group })).messages).toHaveLength(0);
  });

  test('an unknown method and an unknown service: UNIMPLEMENTED', async () => {
    for (const path of [mls('Nothing'), '/xmtp.nothing.Api/Query', '/']) {
      const answer = await rawCall(network.current, protocol, path, query);
      expectStatus(answer, status.unimplemented, /no method of this network/);
    }
  });

  test('a compressed message: UNIMPLEMENTED', async () => {
    const body = patched(query, 0, 1);
    const answer = await rawCall(network.current, protocol, mls('QueryGroupMessages'), body);
    expectStatus(answer, status.unimplemented, /compressed/);
  });

  test('a request longer than any should be: RESOURCE_EXHAUSTED', async () => {
    const body = sending(Buffer.alloc(13 * 1024 * 1024));
    const answer = await rawCall(network.current, protocol, mls('SendGroupMessages'), body);
    expectStatus(answer, status.exhausted, /longer than/);
  });

  test('another content type is 415, and another HTTP method 405', async () => {
    for (const type of ['application/json', 'application/grpc+json', 'text/plain', '']) {
      const headers = { 'content-type': type };
      const path = mls('QueryGroupMessages');
      const answer = await rawCall(network.current, protocol, path, query, { headers });
      expect(answer.httpStatus).toBe(415);
    }
    const get = { httpMethod: 'GET' };
    const answer = await rawCall(network.current, protocol, mls('QueryGroupMessages'), null, get);
    expect(answer.httpStatus).toBe(405);
  });

  test('a deadline that is no time: INVALID_ARGUMENT', async () => {
    const headers = { 'grpc-timeout': 'soon' };
    const path = mls('QueryGroupMessages');
    const answer = await rawCall(network.current, protocol, path, query, { headers });
    expectStatus(answer, status.invalid, /grpc-timeout/);
  });

  test('any bytes at all get an answer', async () => {
    const methods = ['SendGroupMessages', 'UploadKeyPackage', 'SendWelcomeMessages'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...methods),
        fc.uint8Array({ maxLength: 200 }),
        fc.boolean(),
        async (method, bytes, isFramed) => {
          const body = isFramed ? sending(bytes) : Buffer.from(bytes);
          const answer = await rawCall(network.current, protocol, mls(method), body);
          expect(answer.httpStatus).toBe(200);
          expect(['3', '12']).toContain(answer.headers['grpc-status']);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('the raw client of these tests can tell an answer that is well', async () => {
  const body = framed(QueryGroupMessagesRequestSchema, { groupId: key });
  for (const protocol of protocols) {
    const answer = await rawCall(network.current, protocol, mls('QueryGroupMessages'), body);
    expect(answer.headers['grpc-status']).toBe('0');
  }
});
