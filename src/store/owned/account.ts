/** The account, and what goes with it. */
import type { Account } from '../../shared/account.ts';
import { everyConversation } from '../hiding.ts';
import type { StoreTopic } from '../reader.ts';
import { announceTopics, SingleRecord, type OwnedContext } from './aggregate.ts';
import type { OwnedStoreName, OwnedValues } from './schema.ts';

export interface AccountValues {
  readonly account: Account;
}

/**
 * Whose each part of the database is. The compiler asks for an entry whenever a part is added, so that
 * none outlives its account by oversight.
 */
const stores: Readonly<Record<OwnedStoreName, 'account'>> = {
  runs: 'account',
  history: 'account',
  transfers: 'account',
  backups: 'account',
  outbox: 'account',
  consentIntents: 'account',
  readPositions: 'account',
  pins: 'account',
};
const values: Readonly<Record<keyof OwnedValues, 'account' | 'browser'>> = {
  account: 'account',
  signatureRequest: 'account',
  walletLink: 'account',
  settings: 'browser',
  connection: 'account',
  probeBaseline: 'account',
  schedule: 'account',
  live: 'account',
  completeness: 'account',
  rebuild: 'account',
  archives: 'account',
  backupSchedule: 'account',
};

const topics: readonly StoreTopic[] = [
  'account',
  'connection',
  'runs',
  'history',
  'backups',
  'outbox',
  'conversations',
  'pins',
];

export class OwnedAccount extends SingleRecord<'account', Account | null> {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    super(context, 'account', { topic: 'account', from: (stored) => stored ?? null });
    this.#context = context;
  }

  /** An account that is being set up, also again, shows no chats. */
  override put(account: Account): Promise<void> {
    if (account.phase === 'ready') return super.put(account);
    return this.#context.hiding(everyConversation, () => super.put(account));
  }

  /** Forgets the account with everything that belongs to it in this database. Settings stay. */
  forget(): Promise<void> {
    return this.#context.hiding(everyConversation, () => this.#forget());
  }

  async #forget(): Promise<void> {
    const database = await this.#context.open();
    const names = Object.keys(stores) as OwnedStoreName[];
    const keys = (Object.keys(values) as (keyof OwnedValues)[]).filter(
      (key) => values[key] === 'account',
    );
    const transaction = database.transaction(['values', ...names], 'readwrite');
    await Promise.all([
      ...keys.map((key) => transaction.objectStore('values').delete(key)),
      ...names.map((name) => transaction.objectStore(name).clear()),
      transaction.done,
    ]);
    announceTopics(this.#context, ...topics);
  }
}
