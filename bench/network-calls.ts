/** Requests as clients send them, framed, to groups that do not exist. */
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { GetInboxIdsRequestSchema } from '../network/gen/xmtp/identity/api/v1/identity_pb.ts';
import { IdentifierKind } from '../network/gen/xmtp/identity/associations/association_pb.ts';
import {
  FetchKeyPackagesRequestSchema,
  GetNewestGroupMessageRequestSchema,
  QueryGroupMessagesRequestSchema,
  SendGroupMessagesRequestSchema,
  SortDirection,
} from '../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { frame } from '../network/rpc/framing.ts';

const groups = 50;

export function framed<Schema extends DescMessage>(
  schema: Schema,
  init: MessageInitShape<Schema>,
): Buffer {
  return frame(toBinary(schema, create(schema, init)));
}

export function groupId(index: number): Buffer {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(index);
  return id;
}

/** A private MLS message of 430 bytes, which is what a short text makes. */
function mlsMessage(group: Buffer, index: number): Buffer {
  const header = Buffer.from([0, 1, 0, 2, group.length, ...group, ...new Uint8Array(8), 1]);
  const ciphertext = Buffer.alloc(350, 7);
  ciphertext.writeUInt32BE(index);
  const sender = Buffer.alloc(45, 9);
  const prefix = Buffer.from([0x40 | (ciphertext.length >> 8), ciphertext.length & 0xff]);
  return Buffer.concat([header, Buffer.from([0, sender.length]), sender, prefix, ciphertext]);
}

export const send = (index: number, group = index % groups) =>
  framed(SendGroupMessagesRequestSchema, {
    messages: [
      {
        version: {
          case: 'v1',
          value: {
            data: mlsMessage(groupId(group), index),
            senderHmac: new Uint8Array(32),
            shouldPush: true,
          },
        },
      },
    ],
  });

/** Ten messages, as a conversation that is read again. */
export const query = (index: number) =>
  framed(QueryGroupMessagesRequestSchema, {
    groupId: groupId(index % groups),
    pagingInfo: { direction: SortDirection.ASCENDING, limit: 10 },
  });

export const newest = () =>
  framed(GetNewestGroupMessageRequestSchema, {
    groupIds: Array.from({ length: groups }, (_, i) => groupId(i)),
  });

export const fetchKeyPackages = (index: number) => {
  const key = new Uint8Array(32).fill(index);
  return framed(FetchKeyPackagesRequestSchema, { installationKeys: [key] });
};

export const getInboxIds = (index: number) => {
  const identifier = `0x${index.toString(16).padStart(40, '0')}`;
  return framed(GetInboxIdsRequestSchema, {
    requests: [{ identifier, identifierKind: IdentifierKind.ETHEREUM }],
  });
};
