// How many comments articles have: one request for all that a page asks at once, and no app. A file of its
// own, for pages that count.

import { explain } from "./faults.js";
import { language, portal } from "./page.js";

/** The server takes so many in one request. */
const MOST = 100;

const bases = new Map();
let waiting = [];

/** Where the first source of a portal, or the one of this id, is asked. */
const base = (address, source) => {
  const key = `${address} ${source}`;
  if (!bases.has(key)) bases.set(key, find(address, source));
  return bases.get(key);
};

const find = async (address, source) => {
  const url = `${address}portal.json`;
  const portal = await (await fetch(url)).json().catch(() => Promise.reject(new Error(`${url} cannot be read`)));
  const found = portal.sources.find(({ id }) => !source || id === source);
  if (!found || found.profile) throw new Error("this source does not count comments for others");
  return new URL(found.base.replace(/\/?$/, "/"), address).href;
};

/** A number as `lang` writes it; junk is as if it was not there. */
const written = (number, lang) => {
  try {
    return new Intl.NumberFormat(lang || undefined).format(number);
  } catch {
    return new Intl.NumberFormat().format(number);
  }
};

/** Asks for the number of an article's comments, and gives it to `tell`. */
const ask = (element, [address, source, id], tell) => {
  if (!waiting.length) setTimeout(send);
  waiting.push({ element, address, source, id, tell });
};

const send = () => {
  const groups = new Map();
  for (const one of waiting) {
    const key = `${one.address} ${one.source}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  waiting = [];
  for (const group of groups.values()) answer(group);
};

const answer = async (group) => {
  const [{ address, source }] = group;
  try {
    const url = await base(address, source);
    const ids = [...new Set(group.map(({ id }) => id))];
    const counts = new Map();
    for (let at = 0; at < ids.length; at += MOST) {
      const some = ids.slice(at, at + MOST).map(encodeURIComponent).join(",");
      const response = await fetch(`${url}comments/counts?ids=${some}`);
      if (!response.ok) throw new Error(`${url}comments/counts: ${response.status}`);
      for (const { id, count } of (await response.json()).items) counts.set(id, count);
    }
    for (const { element, id, tell } of group) {
      if (counts.has(id)) tell(written(counts.get(id), language(element)));
    }
  } catch (error) {
    bases.delete(`${address} ${source}`);
    console.error(`haidang, counts of comments: ${explain(error, address)}`);
  }
};

/** What elements show the number of. */
const shown = new WeakMap();

/** Shows the number of an element's article in its shadow root, until then what stands in the page. */
export const show = (element, home) => {
  const names = ["portal", "source", "article"];
  const about = JSON.stringify(names.map((name) => element.getAttribute(name)));
  if (shown.has(element) && shown.get(element) !== about) {
    element.shadowRoot.replaceChildren(document.createElement("slot"));
  }
  shown.set(element, about);
  const id = element.getAttribute("article");
  if (!id) return;
  try {
    ask(element, [portal(element, home), element.getAttribute("source") ?? "", id], (number) => {
      if (shown.get(element) === about) element.shadowRoot.textContent = number;
    });
  } catch (error) {
    console.error(`<haidang-count>: ${error.message}`);
  }
};

/** Writes the number of comments behind each link within `root` that has `data-haidang-count="{article}"`. */
export const links = (root, home) => {
  for (const link of root.querySelectorAll("[data-haidang-count]")) {
    try {
      const { haidangCount, haidangSource = "" } = link.dataset;
      ask(link, [portal(link, home, "data-haidang-portal"), haidangSource, haidangCount], (number) => {
        link.querySelector("[data-haidang-number]")?.remove();
        const shown = document.createElement("span");
        shown.dataset.haidangNumber = "";
        shown.textContent = link.textContent ? ` (${number})` : number;
        link.append(shown);
      });
    } catch (error) {
      console.error(`haidang, counts of comments: ${error.message}`);
    }
  }
};
