// Whoever opens an address of the portal gets the app's page, which knows the way from there.
//
// A site whose server prints pages says so in the app's page (`<html data-prints-pages>`), and each page it
// prints carries its version (`data-build`) and `data-printed`. There the network is asked first, for two
// seconds; then comes the page as it was printed last, then the app's.

import { isForAll, isWhole, keep, remade, within } from "./answers.js";
import { base, pagesOf, version } from "./names.js";
import { portalThen } from "./settings.js";
import { mend, shell } from "./shell.js";

/** Milliseconds for which a page of the network is waited for. */
const PATIENCE = 2000;
const MOST = 60;

/** Answers with a page. */
export function page(event) {
  const answer = answerTo(event);
  // After it: the reader waits for the page.
  event.waitUntil(answer.then(mend, mend));
  return answer;
}

async function answerTo(event) {
  const { request, resultingClientId } = event;
  if (!(await isApps(request.url))) return fetch(request);
  const [printed, app] = await Promise.all([
    caches.match(request.url, { cacheName: pagesOf(version) }),
    shell(resultingClientId),
  ]);
  if (!app) return fetch(request);
  // One that was printed tells it as well, and need not be read for it.
  if (!printed && !/<html[^>]* data-prints-pages/.test(await app.clone().text())) return app;
  const asked = fetch(request);
  event.waitUntil(asked.then((answer) => keepPrinted(request.url, answer.clone())).catch(() => {}));
  const answer = await within(PATIENCE, asked);
  return answer && answer.status < 500 ? answer : (printed ?? app);
}

/** Whether an address is the app's, and not a file's, the server's or another portal's further down. */
async function isApps(url) {
  const [path] = url.slice(base.length).split(/[?#]/, 1);
  const settings = await portalThen();
  const segment = path.split("/", 1)[0];
  return path === "" || (settings?.languages ?? []).some(({ code }) => code === segment);
}

/** Keeps the page that a reader opened before there was a worker: it is the one they come back to first. */
export async function keepOpened(url) {
  const [page] = url.split("#", 1);
  if (!(await isApps(page)) || (await caches.match(page, { cacheName: pagesOf(version) }))) return;
  await keepPrinted(page, await fetch(page));
}

async function keepPrinted(url, answer) {
  if (!isWhole(answer, "html", url) || !isForAll(answer)) return;
  const html = await answer.text();
  const [root] = html.match(/<html[^>]*>/) ?? [""];
  const isOfVersion = root.includes("data-printed") && root.includes(version);
  if (isOfVersion) await keep(pagesOf(version), url, remade(answer, html), MOST);
}
