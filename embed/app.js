// The one instance of the app that all elements of a page share, and a fresh one when it has broken.

/* global APP */

/** The portal this script comes from. */
export const home = new URL("../../", import.meta.url).href;

/** Where a file is that comes on demand, and such a module. */
export const at = (name) => `${home}embed/${name}`;
export const file = (name) => import(at(name));

/** So many instances may break before the elements wait for the reader. */
const MOST = 4;

/** What an instance leaves for the one after it: its Trusted Types policy, and answers asked for early. */
const kept = { early: new Map() };
const asked = new Set();
/** The elements that have begun and are on the page. */
export const begun = new Set();
let instance;
let broken = 0;
/** So many instances have broken or not come: what is asked for again has another address, or browsers would
 * not ask. */
let turn = 0;
/** Whose code runs, or whose content is on its way. */
let running;
let loading;

const mark = () => (turn ? `?${turn}` : "");

/** The instance, started when it is first needed. */
export const app = () =>
  (instance ??= begin().catch((error) => {
    instance = undefined;
    turn += 1;
    throw error;
  }));

const begin = async () => {
  const app = await file(`${APP}.js${mark()}`);
  const ready = app.default({ module_or_path: at(`${APP}_bg.wasm${mark()}`) });
  // What they will open comes beside the app, not behind it.
  for (const { localName } of begun) app.early(localName === "haidang-comments" ? "thread" : "article");
  await ready;
  app.begin(kept);
  return app;
};

/** Asks for a file that the app will ask for in a moment, the first time. */
export const early = (url) => {
  if (asked.has(url)) return;
  asked.add(url);
  const answer = fetch(url);
  answer.catch(() => {});
  kept.early.set(url, answer);
};

/** Runs code of the app on behalf of an element. What it throws breaks the instance, not the page. */
export const run = (element, code) => {
  const before = running;
  running = element;
  try {
    return code();
  } catch (error) {
    stop(error);
  } finally {
    running = before;
  }
};

/** The element's own listeners run now, and what they begin. */
export const busy = (element) => {
  running = element;
  setTimeout(() => (running = running === element ? undefined : running));
};

/** The instance has trapped: its memory is no longer to be trusted. */
const stop = (error) => {
  const culprit = running ?? loading;
  const old = instance;
  if (!old) return;
  instance = undefined;
  broken += 1;
  turn += 1;
  console.error(`haidang: stopped and started again${culprit ? `, but for a <${culprit.localName}>` : ""}`, error);
  old.then((app) => {
    for (const element of begun) element.lose(app);
    restart(culprit, broken);
  });
};

/** One after the other, so that it shows whose content breaks the app. */
const restart = async (culprit, times) => {
  for (const element of [...begun]) {
    if (times !== broken) return;
    if (element === culprit || times > MOST) {
      element.stop();
    } else {
      loading = element;
      await element.load();
    }
  }
  loading = undefined;
};

/** Whether code of the instance that runs now has thrown this; those before it may still have timers. */
const is_ours = (error) => {
  const [, by] = `${error?.stack}`.match(new RegExp(`${APP}\\w*\\.(?:js|wasm)(\\?\\d+)?:`)) ?? [null];
  return by !== null && (by ?? "") === mark();
};

/** A promise may also be broken by the browser, which leaves the instance as it was. */
const is_trap = (error) =>
  error instanceof WebAssembly.RuntimeError || error instanceof RangeError || error.name === "InternalError";

const caught = (event) => {
  const error = event.error ?? event.reason;
  if (!`${error?.stack}`.includes(APP)) return;
  // It is not the page's: whoever collects its errors is not to hear of it.
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!is_ours(error)) return;
  if (event.type === "error" || is_trap(error)) stop(error);
  else console.error("haidang:", error);
};
addEventListener("error", caught, true);
addEventListener("unhandledrejection", caught, true);
