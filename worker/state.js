// Which build is known to start, which is being tried, and which page runs which.
//
// A build that is new is tried: each page it is given to is counted, and the page says when it has started.
// One that was given so often and never said so is broken, and the last that did start takes its place
// until it does, or a newer build comes.

import { STATE, isOurs, pagesOf, shellOf, version } from "./names.js";

/** How often a build is given to pages before it is taken to be broken. */
const ATTEMPTS = 3;
const RECORD = "state";

/** As read or written last; a worker lives for seconds, so it is read again often. */
let known;
/** What is being served to pages that have not said anything yet. */
const given = new Map();

async function read() {
  const answer = await caches.open(STATE).then((cache) => cache.match(RECORD));
  const { good, tries, pages } = answer ? await answer.json() : {};
  return { good, tries: tries ?? {}, pages: pages ?? {} };
}

/** One change after the other. */
function change(how) {
  known = (known ?? read()).then(async (state) => {
    await how(state);
    const cache = await caches.open(STATE);
    await cache.put(RECORD, new Response(JSON.stringify(state)));
    return state;
  });
  // One that failed is not the end: the next one reads again.
  known.catch(() => (known = undefined));
  return known;
}

/** The version to give to a page that opens as `id`; nothing if it had better come from the network. */
export async function choose(id, isComplete) {
  const { good, tries } = await (known ?? read());
  let chosen;
  if ((good === version || (tries[version] ?? 0) < ATTEMPTS) && (await isComplete(version))) chosen = version;
  else if (good && (await isComplete(good))) chosen = good;
  if (chosen && chosen !== good) {
    await change((state) => (state.tries[chosen] = (state.tries[chosen] ?? 0) + 1)).catch(() => {});
  }
  if (chosen) given.set(id, chosen);
  return chosen;
}

/** The version that a page runs, if we know. */
export async function versionOf(id) {
  return given.get(id) ?? (await (known ?? read())).pages[id];
}

/** A page says that its version has started. */
export async function hasStarted(started, id) {
  await change((state) => {
    // An older page may start, too; but only what is newest is what we would like to give.
    if (started === version || !state.good) state.good = started;
    delete state.tries[started];
    state.pages[id] = started;
  });
  await tidy();
}

/** Forgets the builds that no page runs and nobody would go back to, and what older workers have left. */
export async function tidy() {
  const open = await clients.matchAll({ includeUncontrolled: true, type: "window" });
  const ids = new Set(open.map(({ id }) => id));
  const { good, pages } = await change((state) => {
    state.pages = Object.fromEntries(Object.entries(state.pages).filter(([id]) => ids.has(id)));
  });
  const kept = new Set([version, good, ...Object.values(pages), ...given.values()].filter(Boolean));
  const needed = new Set([STATE.replace(/state$/, "settings"), STATE]);
  for (const one of kept) needed.add(shellOf(one)).add(pagesOf(one));
  const names = await caches.keys();
  // What a newer worker is putting in place is not ours to judge.
  if (registration.installing || registration.waiting) return;
  await Promise.all(names.filter((name) => isOurs(name) && !needed.has(name)).map((name) => caches.delete(name)));
}
