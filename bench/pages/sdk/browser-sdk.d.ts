/**
 * The part of the official SDK that is compared with. It is installed by the first `npm run bench` only,
 * so types cannot come from it.
 */
declare module '@xmtp/browser-sdk' {
  export interface Identifier {
    readonly identifier: string;
    readonly identifierKind: number;
  }
  export interface Signer {
    readonly type: 'EOA';
    getIdentifier(): Identifier;
    signMessage(text: string): Promise<Uint8Array>;
  }
  export interface ClientOptions {
    readonly env: 'local';
    readonly apiUrl: string;
    readonly dbPath: string;
    readonly loggingLevel: number;
  }
  export interface DecodedMessage {
    readonly content: unknown;
    readonly fallback: string | undefined;
    readonly sentAtNs: bigint;
  }
  export interface Conversation {
    readonly id: string;
    readonly name?: string;
    readonly createdAtNs: bigint | undefined;
    lastMessage(): Promise<DecodedMessage | undefined>;
    messages(options: {
      readonly limit: bigint;
      readonly direction: number;
    }): Promise<readonly DecodedMessage[]>;
    countMessages(options?: { readonly kind: number }): Promise<bigint>;
    consentState(): Promise<number>;
    members(): Promise<readonly { readonly inboxId: string }[]>;
  }
  export class Client {
    static create(signer: Signer, options: ClientOptions): Promise<Client>;
    static build(identifier: Identifier, options: ClientOptions): Promise<Client>;
    readonly conversations: {
      syncAll(states: readonly number[]): Promise<void>;
      list(options: {
        readonly consentStates: readonly number[];
        readonly orderBy: number;
        readonly limit?: bigint;
      }): Promise<readonly Conversation[]>;
    };
    readonly preferences: {
      setConsentStates(
        records: readonly {
          readonly entityType: number;
          readonly entity: string;
          readonly state: number;
        }[],
      ): Promise<void>;
    };
    sendSyncRequest(
      options: {
        readonly elements: readonly number[];
        readonly excludeDisappearingMessages: boolean;
      },
      serverUrl: string,
    ): Promise<void>;
    close(): void;
  }
  export const BackupElementSelectionOption: {
    readonly Messages: number;
    readonly Consent: number;
  };
  export const GroupMessageKind: { readonly Application: number };
  export const LogLevel: { readonly Off: number };
  export const ConsentEntityType: { readonly GroupId: number };
  export const ConsentState: { readonly Allowed: number };
  export const IdentifierKind: { readonly Ethereum: number };
  export const ListConversationsOrderBy: { readonly LastActivity: number };
  export const SortDirection: { readonly Descending: number };
}
