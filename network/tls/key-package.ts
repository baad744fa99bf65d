/** Whose key package this is (RFC 9420, 10): the signature key of its leaf is the installation's. */
import { TlsError, TlsReader } from './reader.ts';

const mls10 = 1;
/** Ed25519. */
const installationKeyLength = 32;
const reservedCredential = 0;
/** Where a leaf comes from: a key package, an update or a commit. */
const fromKeyPackage = 1;

/**
 * Throws TlsError on anything that is not a key package of an XMTP installation: its whole structure is
 * read, to its last byte. Signatures and lifetimes are for clients to check.
 */
export function readInstallationKey(bytes: Uint8Array): Uint8Array {
  const reader = new TlsReader(bytes);
  const version = reader.u16();
  if (version !== mls10) throw new TlsError(`unknown MLS version ${version}`);
  if (reader.u16() === 0) throw new TlsError('cipher suite 0 is reserved');
  if (reader.vector().length === 0) throw new TlsError('empty init key');
  const signatureKey = readLeafNode(reader);
  reader.vector(); // the key package's extensions
  reader.vector(); // and its signature
  reader.end();
  return signatureKey;
}

/** Reads a leaf node (RFC 9420, 7.2) and answers its signature key. */
function readLeafNode(reader: TlsReader): Uint8Array {
  if (reader.vector().length === 0) throw new TlsError('empty encryption key');
  const signatureKey = reader.vector();
  if (signatureKey.length !== installationKeyLength) {
    throw new TlsError(`a signature key has ${signatureKey.length} bytes instead of 32`);
  }
  const kind = reader.u16();
  // Whatever else a credential is, its contents are one vector; a chain of certificates is one too.
  if (kind === reservedCredential) throw new TlsError(`credential type ${kind} is reserved`);
  reader.vector();
  // Versions, cipher suites, extensions, proposals and credentials that it can handle.
  for (let capability = 0; capability < 5; capability++) reader.vector();
  const source = reader.u8();
  if (source !== fromKeyPackage) {
    throw new TlsError(`a leaf from source ${source} belongs to no key package`);
  }
  reader.u64(); // not before
  reader.u64(); // not after
  reader.vector(); // the leaf's extensions
  reader.vector(); // and its signature
  return signatureKey;
}
