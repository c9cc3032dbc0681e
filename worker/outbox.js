// What a reader wrote goes out once the network is back, even if no page of the portal is open.
//
// A page that is open does it, as it always does. Otherwise it is done here under the page's own lock, but
// only for what a backend takes twice as one (`exactly_once`), by the request that the page has resolved.
// What the server does not take stays as it is: the next page sends it again, gets the same answer and shows
// it. The rest waits for a page, which can ask the reader.

import { portal } from "./names.js";

const NAME = `haidang:${portal}`;
const OUTBOX = "outbox";
/** The records that this worker can read. */
const VERSION = 1;

/** Sends what waits; fails if something still does, so that the browser tries again later. */
export async function sendWaiting() {
  const channel = new BroadcastChannel(`${NAME}:outbox`);
  const open = await clients.matchAll({ type: "window" });
  if (open.length > 0) channel.postMessage(JSON.stringify({ wake: true }));
  try {
    await navigator.locks.request(`${NAME}:outbox`, () => sendAll(channel, open.length > 0));
  } finally {
    channel.close();
  }
}

async function sendAll(channel, isLeftToPages) {
  const database = await opened();
  if (!database) return;
  try {
    const records = await done(store(database, "readonly").getAll());
    // In the order they were written: of two edits of a comment the second holds.
    const entries = records.map((record) => JSON.parse(record)).sort((one, other) => one.made - other.made);
    for (const entry of entries.filter(isToSend)) {
      if (isLeftToPages) throw new Error("a page is to send it");
      const answer = await send(entry.request);
      if (answer.ok) {
        const said = answer.status === 204 ? null : await answer.json().catch(() => undefined);
        // A page where the network begins, or an error page, whatever its status says: nobody has taken it.
        if (said === undefined) throw new Error("the answer makes no sense");
        await done(store(database, "readwrite").delete(entry.key));
        channel.postMessage(JSON.stringify({ taken: entry, answer: said }));
      } else if (answer.status >= 500 || answer.status === 429) {
        throw new Error(`the server says ${answer.status}`);
      }
    }
  } finally {
    database.close();
  }
}

function isToSend({ version, state, request, exactly_once: exactlyOnce }) {
  const waits = ["queued", "ready", "sending", "unsure"].includes(state);
  return version <= VERSION && waits && exactlyOnce && request && !request.session;
}

function send({ method, url, headers, body, timeout }) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeout);
  const sent = new Headers(headers.map(({ name, value }) => [name, value]));
  if (body !== null && !sent.has("content-type")) sent.set("content-type", "application/json");
  const asked = fetch(url, { method, headers: sent, body, signal: abort.signal });
  return asked.finally(() => clearTimeout(timer));
}

/** The page's database as it is; none where there is none yet. */
async function opened() {
  const request = indexedDB.open(NAME);
  // It is the page that makes one.
  request.onupgradeneeded = () => request.transaction.abort();
  const database = await done(request).catch(() => undefined);
  if (!database) return undefined;
  // A newer page wants to change it.
  database.onversionchange = () => database.close();
  if (database.objectStoreNames.contains(OUTBOX)) return database;
  database.close();
  return undefined;
}

function store(database, mode) {
  return database.transaction(OUTBOX, mode).objectStore(OUTBOX);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
