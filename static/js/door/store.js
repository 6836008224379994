/* The phone's right to scan, kept in IndexedDB so that a reload does not lose it. */

const NAME = "quality-month-door";
const STORE = "kept";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} act
 */
async function run(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/* A private window may refuse storage; the page then simply asks the server again. */

/** @param {string} key */
export const keep = (key, value) => run("readwrite", (s) => s.put(value, key)).catch(() => null);

/** @param {string} key */
export const kept = (key) => run("readonly", (s) => s.get(key)).catch(() => null);

/** @param {string} key */
export const forget = (key) => run("readwrite", (s) => s.delete(key)).catch(() => null);
