// The app itself: its page, scripts, wasm and words, a cache a version.
//
// The page and the mark that all is there are put in last, so whatever dies on the way leaves nothing that
// would be used.

import { digestOf, isWhole, keep, kindOf, remade } from "./answers.js";
import { base, files, first, shellOf, shells, version } from "./names.js";
import { digestThen, portalNow, setting } from "./settings.js";
import { choose, versionOf } from "./state.js";

const PAGE = "index.html";
const COMPLETE = "complete";
/** The digest of portal.json as it was when the page was kept. */
const SETTINGS_THEN = "haidang-settings";

/** Whether a file has a digest in its name, so that it is the same for ever. */
export const isHashed = (path) => /^[\w-]+-[0-9a-f]{12,16}[._]/.test(path);

/** Keeps everything that the app needs to open; says whether it was all there. */
export async function install() {
  const cache = await caches.open(shellOf(version));
  if (await cache.match(COMPLETE)) return true;
  const settings = await portalNow();
  // One after the other: the reader is reading, and their pictures come first.
  for (const path of await wanted(settings)) await add(cache, path);
  await cache.put(PAGE, await shellPage());
  await cache.put(COMPLETE, new Response());
  return false;
}

/** What is kept before anybody asks for it. */
async function wanted(settings) {
  const paths = new Set(first);
  const languages = new Set(navigator.languages.map((tag) => tag.split("-", 1)[0]));
  languages.add(settings.default);
  for (const { url } of await clients.matchAll({ includeUncontrolled: true, type: "window" })) {
    languages.add(url.slice(base.length).split("/", 1)[0]);
  }
  // Who saves data takes other languages and parts along when they are used.
  if (!navigator.connection?.saveData) {
    for (const { code } of settings.languages ?? []) languages.add(code);
    const hasProfile = (settings.sources ?? []).some((source) => source.profile);
    const parts = Object.keys(files).filter(isHashed);
    for (const path of parts) if (hasProfile || !path.includes("_profile.")) paths.add(path);
  }
  for (const language of languages) paths.add(`locales/${language}.json`);
  // What was of use in the version before.
  for (const name of await shells()) {
    const requests = await (await caches.open(name)).keys();
    for (const { url } of requests) paths.add(url.slice(base.length));
  }
  return [...paths].filter((path) => path in files);
}

/** Keeps a file of this version: from an older cache if it is the same there, else from the network. */
async function add(cache, path) {
  if (await cache.match(path)) return;
  for (const name of await shells()) {
    const older = await (await caches.open(name)).match(path);
    if (older && (await digestOf(older.clone())) === files[path]) return cache.put(path, older);
  }
  // What the browser has of a file with a digest will do, unless it turns out to be something else.
  let answer = await fetch(path, { cache: isHashed(path) ? "default" : "no-cache" });
  if (!(await isFile(answer, path))) answer = await fetch(path, { cache: "reload" });
  if (!(await isFile(answer, path))) throw new Error(`${path} is not that of this version`);
  await cache.put(path, answer);
}

/** Whether an answer is this version's file, to the byte. */
async function isFile(answer, path) {
  return isWhole(answer, kindOf(path)) && (await digestOf(answer.clone())) === files[path];
}

/** The app's page, if the server has that of this version. */
async function shellPage() {
  const answer = await fetch(PAGE, { cache: "no-cache" });
  const html = await answer.clone().text();
  if (!isWhole(answer, "html", base) || !html.includes(version)) throw new Error("the page is not that of this version");
  return remade(answer, html, { [SETTINGS_THEN]: await digestThen() });
}

/** The app's page for somebody who opens the portal; nothing if that had better come from the network. */
export async function shell(id) {
  const chosen = await choose(id, isComplete);
  return chosen && inShell(chosen, PAGE);
}

/**
 * Keeps the app again if the browser, or the reader, has thrown it away; its page if portal.json has changed,
 * of which the policy in its headers is made.
 */
export async function mend() {
  try {
    if (!(await isComplete(version))) return void (await install());
    const page = await inShell(version, PAGE);
    if (page.headers.get(SETTINGS_THEN) === (await digestThen())) return;
    const cache = await caches.open(shellOf(version));
    await cache.put(PAGE, await shellPage());
  } catch {
    // The next page tries again.
  }
}

async function isComplete(version) {
  return Boolean(await inShell(version, COMPLETE));
}

function inShell(version, path) {
  return caches.match(path, { cacheName: shellOf(version) });
}

/** A file with a digest in its name, of whatever version. */
export async function file(event, path) {
  // Ours, most likely; to look through all caches takes longer.
  const kept = (await inShell(version, path)) ?? (await caches.match(path, { ignoreVary: true }));
  if (kept) return kept;
  const answer = await fetch(event.request);
  if (path in files) event.waitUntil(keepFile(answer.clone(), path));
  return answer;
}

/** The words of a language, of the version that the page runs. */
export async function locale(event, path) {
  const running = await versionOf(event.clientId);
  const kept = running && (await inShell(running, path));
  if (kept) return kept;
  // Not every browser says as whom a page opens, so that we would know what it runs: ours, most likely.
  const own = () => inShell(version, path);
  const answer = await setting(event).catch(async (error) => (await own()) ?? Promise.reject(error));
  if (running === version) event.waitUntil(keepFile(answer.clone(), path));
  return answer;
}

async function keepFile(answer, path) {
  if (await isFile(answer.clone(), path)) await keep(shellOf(version), path, answer);
}
