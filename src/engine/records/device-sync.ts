/**
 * What installations of one inbox write to each other in their sync groups. libxmtp's own list of archives
 * panics as soon as there is one (docs/libxmtp.md#archives-panic). Reading the messages behind that list
 * cannot crash the engine, because malformed ones are left out.
 *
 * Field numbers: xmtp/proto, device_sync/content.proto and device_sync/device_sync.proto.
 */
import type { ArchiveContents } from '../../shared/archive.ts';
import { readAllBytes, readBytes, readText, readUint64 } from '../traffic/protobuf-fields.ts';
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
  const [request] = readAllBytes(bytes, 1);
  if (request !== undefined) {
    return { kind: 'request', pin: readText(request, 1), serverUrl: readText(request, 2) };
  }
  const [reply] = readAllBytes(bytes, 3);
  if (reply === undefined) return { kind: 'other' };
  const pin = readText(reply, 1);
  const url = readText(reply, 2);
  if (pin === '' || !URL.canParse(url)) return { kind: 'other' };
  return { kind: 'archive', pin, url, contents: readMetadata(readBytes(reply, 6)) };
}

const elements = new Map([
  [1, 'messages'],
  [2, 'consent'],
] as const) as ReadonlyMap<number, ArchiveContents['elements'][number]>;

function readMetadata(metadata: Uint8Array = new Uint8Array()): ArchiveContents {
  // A repeated enum is packed: one small number a byte.
  const packed = [...(readBytes(metadata, 2) ?? [])];
  const time = (field: number) => {
    const value = readUint64(metadata, field);
    return value === undefined || value === 0n ? null : fromNanoseconds(value);
  };
  return {
    elements: packed.flatMap((value) => elements.get(value) ?? []),
    exportedAt: time(3),
    from: time(4),
    until: time(5),
  };
}
