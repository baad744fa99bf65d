/** Converts between our terms and libxmtp's enumerations. */
import {
  BackupElementSelectionOption,
  ConsentState as LibConsentState,
  DeliveryStatus as LibDeliveryStatus,
  PermissionLevel,
} from '@xmtp/wasm-bindings';
import type { ConsentState } from '../../shared/consent.ts';
import type { DeliveryStatus, MemberRole } from '../../shared/conversation.ts';
import type { HistoryOptions } from '../../shared/history.ts';

const consentToLib: Readonly<Record<ConsentState, LibConsentState>> = {
  allowed: LibConsentState.Allowed,
  unknown: LibConsentState.Unknown,
  denied: LibConsentState.Denied,
};

export function toLibConsent(state: ConsentState): LibConsentState {
  return consentToLib[state];
}

export function fromLibConsent(state: LibConsentState): ConsentState {
  switch (state) {
    case LibConsentState.Allowed:
      return 'allowed';
    case LibConsentState.Denied:
      return 'denied';
    case LibConsentState.Unknown:
      return 'unknown';
  }
}

export function fromLibDelivery(status: LibDeliveryStatus): DeliveryStatus {
  switch (status) {
    case LibDeliveryStatus.Published:
      return 'published';
    case LibDeliveryStatus.Failed:
      return 'failed';
    case LibDeliveryStatus.Unpublished:
      return 'unpublished';
  }
}

export function fromLibRole(level: PermissionLevel): MemberRole {
  switch (level) {
    case PermissionLevel.SuperAdmin:
      return 'super-admin';
    case PermissionLevel.Admin:
      return 'admin';
    case PermissionLevel.Member:
      return 'member';
  }
}

export function fromLibElement(
  element: BackupElementSelectionOption,
): HistoryOptions['elements'][number] {
  switch (element) {
    case BackupElementSelectionOption.Messages:
      return 'messages';
    case BackupElementSelectionOption.Consent:
      return 'consent';
  }
}

const elementToLib: Readonly<
  Record<HistoryOptions['elements'][number], BackupElementSelectionOption>
> = {
  messages: BackupElementSelectionOption.Messages,
  consent: BackupElementSelectionOption.Consent,
};

export function toLibElement(
  element: HistoryOptions['elements'][number],
): BackupElementSelectionOption {
  return elementToLib[element];
}
