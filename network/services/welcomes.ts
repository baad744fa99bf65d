/** Welcomes as they arrive, checked as far as they are not encrypted. */
import { create } from '@bufbuild/protobuf';
import {
  WelcomeMessageSchema,
  type WelcomeMessage,
  type WelcomeMessageInput,
} from '../gen/xmtp/mls/api/v1/mls_pb.ts';
import {
  WelcomePointerWrapperAlgorithm,
  WelcomeWrapperAlgorithm,
} from '../gen/xmtp/mls/message_contents/content_pb.ts';
import { badRequest, require } from './bad-request.ts';
import { checkInstallationKey } from './installation-key.ts';
import { longestMessage } from './limits.ts';

/** A welcome complete but for its id and time. Throws where it is refused. */
export function acceptWelcome({ version }: WelcomeMessageInput, where: string): WelcomeMessage {
  if (version.case === undefined) throw badRequest(`${where}: no version that is known here`);
  const { installationKey, hpkePublicKey, wrapperAlgorithm } = version.value;
  checkInstallationKey(installationKey, `${where}.installation_key`);
  const common = { id: 0n, createdNs: 0n, installationKey, hpkePublicKey };
  if (version.case === 'v1') {
    const { data, welcomeMetadata } = version.value;
    checkPayload(data, `${where}.data`);
    // What a welcome pointer points to is wrapped with a key that the pointer holds.
    const hasOwnKey = wrapperAlgorithm === WelcomeWrapperAlgorithm.SYMMETRIC_KEY;
    require(hasOwnKey || hpkePublicKey.length > 0, `${where}.hpke_public_key: missing`);
    checkAlgorithm(wrapperAlgorithm in WelcomeWrapperAlgorithm, wrapperAlgorithm, where);
    const value = {
      ...common,
      data,
      welcomeMetadata,
      wrapperAlgorithm: version.value.wrapperAlgorithm,
    };
    return create(WelcomeMessageSchema, { version: { case: 'v1', value } });
  }
  const { welcomePointer } = version.value;
  require(hpkePublicKey.length > 0, `${where}.hpke_public_key: missing`);
  checkPayload(welcomePointer, `${where}.welcome_pointer`);
  checkAlgorithm(wrapperAlgorithm in WelcomePointerWrapperAlgorithm, wrapperAlgorithm, where);
  const value = { ...common, welcomePointer, wrapperAlgorithm: version.value.wrapperAlgorithm };
  return create(WelcomeMessageSchema, { version: { case: 'welcomePointer', value } });
}

function checkPayload(payload: Uint8Array, where: string): void {
  require(payload.length > 0, `${where}: missing`);
  require(payload.length <= longestMessage, `${where}: longer than ${longestMessage} bytes`);
}

function checkAlgorithm(isKnown: boolean, algorithm: number, where: string): void {
  require(isKnown, `${where}.wrapper_algorithm: ${algorithm} is unknown`);
}
