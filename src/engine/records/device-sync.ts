/**
 * What installations of one inbox write to each other in their sync groups. libxmtp's own list of
 * archives panics as soon as there is one (docs/libxmtp.md#archives-panic); reading the messages that it
 * makes that list from cannot take the engine down: what makes no sense is left out.
 *
 * Field numbers: xmtp/proto, device_sync/content.proto and device_sync/device_sync.proto.
 */
import type { ArchiveContents } from '../../shared/archive.ts';
import { ProtoReader } from '../traffic/proto-reader.ts';
import { fromNanoseconds } from './times.ts';

export type DeviceSyncContent =
  | { readonly kind: 'request'; readonly pin: string; readonly serverUrl: string }
  | {
      readonly kind: 'archive';
      readonly pin: string;
      readonly url: string;
      readonly contents: ArchiveContents;
    }
  /** Acknowledgements, preferences, and what a later version may add. */
  | { readonly kind: 'other' };

/** @param bytes the content of a message in a sync group. */
export function readDeviceSync(bytes: Uint8Array): DeviceSyncContent {
  const content = new ProtoReader(bytes);
  const [request] = content.messages(1);
  if (request !== undefined) {
    return { kind: 'request', pin: request.text(1), serverUrl: request.text(2) };
  }
  const [reply] = content.messages(3);
  if (reply === undefined) return { kind: 'other' };
  const pin = reply.text(1);
  const url = reply.text(2);
  if (pin === '' || !URL.canParse(url)) return { kind: 'other' };
  return { kind: 'archive', pin, url, contents: readMetadata(reply.messages(6)[0]) };
}

const elements = new Map([
  [1, 'messages'],
  [2, 'consent'],
] as const) as ReadonlyMap<number, ArchiveContents['elements'][number]>;

function readMetadata(metadata: ProtoReader | undefined): ArchiveContents {
  // A repeated enum is packed: one small number a byte.
  const packed = [...(metadata?.bytes(2) ?? [])];
  const time = (field: number) => {
    const value = metadata?.varint(field);
    return value === undefined || value === 0n ? null : fromNanoseconds(value);
  };
  return {
    elements: packed.flatMap((value) => elements.get(value) ?? []),
    exportedAt: time(3),
    from: time(4),
    until: time(5),
  };
}
