/** What a node must know of an MLS message (RFC 9420, 6), which it cannot decrypt. */
import { TlsError, TlsReader } from './reader.ts';

const mls10 = 1;
const publicMessage = 1;
const privateMessage = 2;
const commit = 3;

const sender = { member: 1, external: 2, newMemberProposal: 3, newMemberCommit: 4 } as const;

export interface MlsMessageHeader {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly isCommit: boolean;
}

/** Throws TlsError on anything that is not a group message. */
export function readMlsMessageHeader(bytes: Uint8Array): MlsMessageHeader {
  const reader = new TlsReader(bytes);
  const version = reader.u16();
  if (version !== mls10) throw new TlsError(`unknown MLS version ${version}`);
  const wireFormat = reader.u16();
  if (wireFormat !== publicMessage && wireFormat !== privateMessage) {
    throw new TlsError(`wire format ${wireFormat} is not a group message`);
  }
  const groupId = reader.vector();
  if (groupId.length === 0) throw new TlsError('empty group id');
  const epoch = reader.u64();
  if (wireFormat === publicMessage) skipSender(reader);
  const contentType = reader.u8();
  if (contentType < 1 || contentType > commit) {
    throw new TlsError(`unknown content type ${contentType}`);
  }
  if (wireFormat === privateMessage) skipCiphertext(reader);
  return { groupId, epoch, isCommit: contentType === commit };
}

/** The rest of a private message: authenticated data, encrypted sender, ciphertext, and no more. */
function skipCiphertext(reader: TlsReader): void {
  reader.vector();
  reader.vector();
  if (reader.vector().length === 0) throw new TlsError('empty ciphertext');
  reader.end();
}

/** In a public message, the sender and the authenticated data stand before the content type. */
function skipSender(reader: TlsReader): void {
  switch (reader.u8()) {
    case sender.member:
    case sender.external:
      reader.u32();
      break;
    case sender.newMemberProposal:
    case sender.newMemberCommit:
      break;
    default:
      throw new TlsError('unknown kind of sender');
  }
  reader.vector();
}
