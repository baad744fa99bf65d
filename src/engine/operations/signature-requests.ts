/**
 * What the inbox's signer has to sign. libxmtp provides the text, takes the signature and applies it. There
 * is one request at a time; a new one replaces the one before at no cost.
 */
import {
  IdentifierKind,
  type Client,
  type Identifier,
  type SignatureRequestHandle,
} from '@xmtp/wasm-bindings';
import type { EngineInput, EngineOutput } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { Address } from '../../shared/ids.ts';
import {
  mostIdentityUpdates,
  mostInstallations,
  type InboxUsage,
  type Signature,
  type SignaturePurpose,
} from '../../shared/signature-request.ts';
import type { Session } from '../session/session.ts';

interface Pending {
  readonly id: string;
  readonly purpose: SignaturePurpose;
  readonly handle: SignatureRequestHandle;
}

export class SignatureRequests {
  #pending: Pending | null = null;

  /**
   * Throws installation_limit and identity_update_limit before anybody signs something that the network
   * would refuse.
   */
  async request(
    { client }: Session,
    purpose: SignaturePurpose,
  ): Promise<EngineOutput<'requestSignature'>> {
    this.#pending = null;
    const handle = handleFor(client, purpose);
    if (handle === null) return null;
    const usage = await usageOf(client);
    if (usage.installations >= mostInstallations) throw new LockstepError('installation_limit');
    if (usage.updates >= mostIdentityUpdates) throw new LockstepError('identity_update_limit');
    const id = crypto.randomUUID();
    this.#pending = { id, purpose, handle };
    return { id, text: await handle.signatureText(), usage };
  }

  /** Throws signature_wrong, contract_signature_refused; another signature may then be added instead. */
  async add({ id, signature }: EngineInput<'addSignature'>): Promise<null> {
    await addTo(this.#pendingAs(id).handle, signature);
    return null;
  }

  /** Sends what was signed to the network. */
  async apply({ client }: Session, { id }: EngineInput<'applySignatures'>): Promise<null> {
    const { handle, purpose } = this.#pendingAs(id);
    // libxmtp consumes the handle, even if the call fails.
    this.#pending = null;
    switch (purpose.kind) {
      case 'register':
        await client.registerIdentity(handle);
    }
    return null;
  }

  #pendingAs(id: string): Pending {
    if (this.#pending?.id === id) return this.#pending;
    throw new LockstepError('bad_input', { detail: 'no such signature request in this engine' });
  }
}

/** Null where nothing is left to sign, as after a registration whose answer was lost. */
function handleFor(client: Client, purpose: SignaturePurpose): SignatureRequestHandle | null {
  switch (purpose.kind) {
    case 'register':
      return client.isRegistered ? null : (client.createInboxSignatureRequest() ?? null);
  }
}

/** An inbox that does not exist yet has no identity log. */
async function usageOf(client: Client): Promise<InboxUsage> {
  const updates = await client.fetchOwnInboxUpdatesCount(true);
  if (updates === 0) return { installations: 0, updates };
  const { installations } = await client.inboxState(true);
  return { installations: installations.length, updates };
}

async function addTo(handle: SignatureRequestHandle, signature: Signature): Promise<void> {
  if (signature.kind === 'ecdsa') return handle.addEcdsaSignature(signature.bytes);
  const { address, bytes, chainId, blockNumber } = signature;
  try {
    await handle.addScwSignature(identifierOf(address), bytes, BigInt(chainId), blockNumber);
  } catch (error) {
    if (!/signature/i.test(String(error))) throw error;
    throw new LockstepError('contract_signature_refused', { detail: String(error), cause: error });
  }
}

function identifierOf(address: Address): Identifier {
  return { identifier: address, identifierKind: IdentifierKind.Ethereum };
}
