import type { SignatureRequest } from '../../shared/signature-request.ts';
import { SingleRecord, type OwnedContext } from './aggregate.ts';

export interface SignatureRequestValues {
  readonly signatureRequest: SignatureRequest;
}

/** What waits for a signature of the account's signer; null where nothing does. */
export class OwnedSignatureRequest extends SingleRecord<
  'signatureRequest',
  SignatureRequest | null
> {
  constructor(context: OwnedContext) {
    super(context, 'signatureRequest', { topic: 'account', from: (stored) => stored ?? null });
  }
}
