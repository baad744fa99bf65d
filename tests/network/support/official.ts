/** Official clients of several versions, from a package of their own (tests/network/clients). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = path.join(import.meta.dirname, '../clients');
const modules = path.join(folder, 'node_modules');

/** Installs them once for each lockfile. Answers why that did not work, or null. */
export function bringClients(): string | null {
  const lock = readFileSync(path.join(folder, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = path.join(modules, '.lockstep-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return null;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) return `npm ci in tests/network/clients failed: ${stderr}`;
  writeFileSync(stamp, wanted);
  return null;
}

/** What older bindings share with the pinned ones, as far as the tests use it. */
export interface Bindings {
  readonly default: (options: { module_or_path: Uint8Array }) => Promise<unknown>;
  readonly createClient: (...args: readonly unknown[]) => Promise<BindingsClient>;
  readonly generateInboxId: (identifier: unknown, nonce: bigint) => string;
  readonly IdentifierKind?: Readonly<Record<string, number>>;
}

export interface BindingsConversation {
  id(): string;
  sync(): Promise<void>;
  groupName(): string;
  updateGroupName(name: string): Promise<void>;
  send(content: unknown, options: unknown): Promise<string>;
  sendText?(text: string): Promise<string>;
  findMessages(): Promise<readonly { readonly content: { readonly content: Uint8Array } }[]>;
}

export interface BindingsClient {
  readonly inboxId: string;
  createInboxSignatureRequest(): {
    signatureText(): Promise<string>;
    addEcdsaSignature(bytes: Uint8Array): Promise<void>;
  } | null;
  registerIdentity(request: unknown): Promise<void>;
  conversations(): {
    sync(): Promise<void>;
    findGroupById(id: string): BindingsConversation;
    createGroupByInboxIds(inboxIds: readonly string[]): Promise<BindingsConversation>;
  };
}

export async function loadBindings(name: string): Promise<Bindings> {
  const dist = path.join(modules, name, 'dist');
  const url = pathToFileURL(path.join(dist, 'bindings_wasm.js')).href;
  const bindings = (await import(url)) as Bindings;
  const module = readFileSync(path.join(dist, 'bindings_wasm_bg.wasm'));
  await bindings.default({ module_or_path: module });
  return bindings;
}

/** As far as the tests use it. */
export interface NodeSdk {
  /** The fixed addresses of its environments, by name. */
  readonly ApiUrls: Record<string, string>;
  readonly HistorySyncUrls: Record<string, string>;
  readonly Client: { create(signer: unknown, options: unknown): Promise<NodeClient> };
}

export interface NodeConversation {
  readonly id: string;
  readonly name: string;
  sync(): Promise<unknown>;
  sendText(text: string): Promise<string>;
  updateName(name: string): Promise<unknown>;
  messages(): Promise<readonly { readonly content: unknown }[]>;
}

export interface NodeStream extends AsyncIterable<{ readonly content: unknown }> {
  end(): Promise<unknown>;
}

export interface NodeClient {
  readonly inboxId: string;
  readonly installationId: string;
  readonly conversations: {
    sync(): Promise<unknown>;
    createGroup(inboxIds: readonly string[], options?: unknown): Promise<NodeConversation>;
    getConversationById(id: string): Promise<NodeConversation | undefined>;
    streamAllMessages(): Promise<NodeStream>;
  };
  revokeAllOtherInstallations(): Promise<unknown>;
  readonly preferences: { fetchInboxState(): Promise<{ installations: unknown[] }> };
}

/** Answers why it cannot be loaded where its native code does not fit this platform. */
export async function loadNodeSdk(): Promise<NodeSdk | string> {
  const url = pathToFileURL(path.join(modules, '@xmtp/node-sdk/dist/index.js')).href;
  try {
    return (await import(url)) as NodeSdk;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
