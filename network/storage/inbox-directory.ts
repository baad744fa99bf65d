/**
 * Which inbox an identifier belongs to: the latest association that is not revoked wins. Signatures are
 * not checked; official clients check each other's.
 */
import {
  IdentifierKind,
  type IdentityAction,
  type IdentityUpdate,
  type MemberIdentifier,
} from '../gen/xmtp/identity/associations/association_pb.ts';

type Kind = IdentifierKind.ETHEREUM | IdentifierKind.PASSKEY;

export class InboxDirectory {
  /** For each identifier, the inboxes that list it, in order of association. */
  readonly #inboxes = new Map<string, string[]>();
  /** Active installations by inbox, as hex. */
  readonly #installations = new Map<string, Set<string>>();

  find(kind: IdentifierKind, identifier: string): string | null {
    return this.#inboxes.get(nameOf(kindOf(kind), identifier))?.at(-1) ?? null;
  }

  activeInstallations(inboxId: string): ReadonlySet<string> {
    return this.#installations.get(inboxId) ?? new Set();
  }

  apply(update: IdentityUpdate): void {
    for (const { kind } of update.actions) this.#applyAction(update.inboxId, kind);
  }

  #applyAction(inboxId: string, action: IdentityAction['kind']): void {
    switch (action.case) {
      case 'createInbox': {
        const kind = kindOf(action.value.initialIdentifierKind);
        this.#associate(nameOf(kind, action.value.initialIdentifier), inboxId);
        break;
      }
      case 'add':
        this.#add(inboxId, action.value.newMemberIdentifier);
        break;
      case 'revoke':
        this.#revoke(inboxId, action.value.memberToRevoke);
        break;
      case 'changeRecoveryAddress':
      case undefined:
        break;
    }
  }

  #add(inboxId: string, member: MemberIdentifier | undefined): void {
    if (member?.kind.case === 'installationPublicKey') {
      const active = this.#installations.get(inboxId) ?? new Set();
      this.#installations.set(inboxId, active.add(hex(member.kind.value)));
      return;
    }
    const name = memberName(member);
    if (name !== null) this.#associate(name, inboxId);
  }

  #revoke(inboxId: string, member: MemberIdentifier | undefined): void {
    if (member?.kind.case === 'installationPublicKey') {
      this.#installations.get(inboxId)?.delete(hex(member.kind.value));
      return;
    }
    const name = memberName(member);
    if (name === null) return;
    const rest = this.#inboxes.get(name)?.filter((id) => id !== inboxId) ?? [];
    this.#inboxes.set(name, rest);
  }

  #associate(name: string, inboxId: string): void {
    const others = this.#inboxes.get(name)?.filter((id) => id !== inboxId) ?? [];
    this.#inboxes.set(name, [...others, inboxId]);
  }
}

function kindOf(kind: IdentifierKind): Kind {
  return kind === IdentifierKind.PASSKEY ? IdentifierKind.PASSKEY : IdentifierKind.ETHEREUM;
}

function nameOf(kind: Kind, identifier: string): string {
  return `${kind}:${identifier.toLowerCase()}`;
}

function memberName(member: MemberIdentifier | undefined): string | null {
  switch (member?.kind.case) {
    case 'ethereumAddress':
      return nameOf(IdentifierKind.ETHEREUM, member.kind.value);
    case 'passkey':
      return nameOf(IdentifierKind.PASSKEY, hex(member.kind.value.key));
    default:
      return null;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
