/** Registering an installation: libxmtp says what to sign, the background signs it. */
import type { SignatureRequestHandle } from '@xmtp/wasm-bindings';
import type { EngineOutput } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { Session } from '../session/session.ts';

export class Registration {
  #request: SignatureRequestHandle | null = null;

  async text({ client }: Session): Promise<EngineOutput<'registrationText'>> {
    // Asked twice after a registration whose answer was lost, libxmtp would sign a second one.
    this.#request = client.isRegistered ? null : (client.createInboxSignatureRequest() ?? null);
    return { text: this.#request === null ? null : await this.#request.signatureText() };
  }

  /** @param signature EIP-191, 65 bytes, over the text asked for last. */
  async register({ client }: Session, signature: Uint8Array): Promise<EngineOutput<'register'>> {
    if (this.#request === null) {
      throw new LockstepError('bad_input', { detail: 'register before registrationText' });
    }
    const request = this.#request;
    this.#request = null;
    await request.addEcdsaSignature(signature);
    await client.registerIdentity(request);
    return null;
  }
}
