// How elements look: one style sheet for all of them, the page's theme, its font.

/* global SELDOM, STYLE */

import { at, file } from "./app.js";

/** Where style sheets cannot be made (Safari 16.3, Firefox 100), a link does; the page's theme is not followed. */
const CAN_MAKE = "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype;
const url = at(STYLE);
let made;

const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

/** The style sheets, loaded once. */
export const look = () => (CAN_MAKE ? (made ??= load().catch(forget)) : Promise.resolve());

/** What did not come is asked for again by who comes next. */
const forget = (error) => {
  made = undefined;
  throw error;
};

const load = async () => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`fetch of ${url}: ${response.status}`);
  const text = await response.text();
  const [, dark] = text.match(/:host\(\[theme=dark\]\)(\{[^}]*\})/);
  return {
    all: sheet(text),
    dark: sheet(`:host${dark}`),
    auto: sheet(`@media(prefers-color-scheme:dark){:host${dark}}`),
  };
};

/** Styles a shadow root as the page around it is; `accents` are the portal's own, light and dark. */
export const dress = (element, root, sheets, accents) => {
  const { fontFamily, fontSize } = getComputedStyle(element);
  const [light, dark] = accents;
  const accent = (of, colour) => (colour ? `;--hd-accent-${of}:${colour}` : "");
  const fonts = `:host{--hd-rem:${fontSize};--hd-latin-sans:${fontFamily};--hd-latin-serif:${fontFamily}`;
  const host = `${fonts}${accent("light", light)}${accent("dark", dark)}}`;
  if (!sheets) {
    // Without it, it looks as the browser has it.
    file(SELDOM).then(({ put_link }) => put_link(url, element, root, host), () => {});
    return;
  }
  const around = element.parentElement ?? element.getRootNode().host ?? document.documentElement;
  const scheme = getComputedStyle(around).colorScheme;
  const theme = element.hasAttribute("theme") ? "" : /dark/.test(scheme) ? (/light/.test(scheme) ? "auto" : "dark") : "";
  root.adoptedStyleSheets = [sheets.all, sheet(host), ...(theme ? [sheets[theme]] : [])];
};
