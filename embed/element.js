// What the elements have in common: their life on the page. What they show is the app's.

import { app, busy, early, home, join, part, run } from "./app.js";
import { STOPPED, explain } from "./faults.js";
import { dress, look } from "./look.js";
import { around, language, portal } from "./page.js";

const ATTRIBUTES = ["portal", "source", "article", "section", "lang", "theme", "heading-level", "limit", "loading"];

/** The name of an attribute as a property. */
const property = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** Takes over what was set before the element was one. */
export const adopt = (element, names) => {
  for (const name of names) {
    if (Object.hasOwn(element, name)) {
      const value = element[name];
      delete element[name];
      element[name] = value;
    }
  }
};

/** Makes attributes properties, too. */
export const reflect = (element, names) => {
  for (const name of names) {
    // `lang` is every element's.
    if (name === "lang") continue;
    Object.defineProperty(element.prototype, property(name), {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(name) ?? "";
      },
      set(value) {
        if ((value ?? "") === "") this.removeAttribute(name);
        else this.setAttribute(name, value);
      },
    });
  }
};

/** Elements that come within a screen of being seen begin to load; what is not shown waits. */
const near = new IntersectionObserver(
  (entries) => entries.forEach(({ isIntersecting, target }) => isIntersecting && target.begin()),
  { rootMargin: "100%" },
);

/** The page's language and theme may change around elements, in the page and in shadow roots. */
const begun = new Set();
const watched = ["lang", "class", "style", "data-theme", "data-color-scheme", "data-bs-theme"];
const watcher = new MutationObserver((records) => {
  for (const element of begun) {
    for (const { target, attributeName } of records) {
      if (!around(element).includes(target)) continue;
      if (attributeName === "lang") element.change();
      else element.dress();
    }
  }
});

export class HaidangElement extends HTMLElement {
  static observedAttributes = ATTRIBUTES;

  /** The number of the element in the app; `undefined` if it is not there. */
  #id;
  #app;
  #root;
  #slot;
  #place;
  /** `undefined` until the page has said something. */
  #token;
  #accents = [];
  #sheets;
  #leaving;
  #changing;
  /** Whether it is on its way, or waits for the reader: then it does not begin by itself. */
  #is_held = false;
  #is_shown = false;
  #wished;
  #settle = () => {};

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    const make = (tag, attributes) => {
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      return made;
    };
    this.#slot = make("slot", {});
    this.#place = make("div", { class: "hd", part: "content" });
    this.#root.append(make("slot", { name: "header" }), this.#slot, this.#place, make("slot", { name: "footer" }));
    this.#root.addEventListener("click", (event) => this.#follow(event));
    for (const event of ["click", "input", "keydown", "focusin", "submit", "change"]) {
      this.#root.addEventListener(event, () => busy(this), true);
    }
  }

  connectedCallback() {
    // Moved, not removed.
    clearTimeout(this.#leaving);
    adopt(this, [...ATTRIBUTES.map(property), "token"]);
    around(this).forEach((at) => watcher.observe(at.getRootNode(), { attributeFilter: watched, subtree: true }));
    if (begun.has(this)) {
      this.change();
      this.dress();
      return;
    }
    const is_named = /^#comment/.test(location.hash) && this.localName === "haidang-comments";
    if (this.loading === "eager" || is_named) this.begin();
    else near.observe(this);
  }

  disconnectedCallback() {
    near.unobserve(this);
    this.#leaving = setTimeout(() => this.#leave());
  }

  attributeChangedCallback(name, before, now) {
    if (before === now || !this.isConnected) return;
    if (name === "theme") this.dress();
    else if (name === "loading") now === "eager" && this.begin();
    else this.change();
  }

  /** A JWT that says who the reader is, for the portal; it is kept nowhere. */
  get token() {
    return this.#token ?? "";
  }

  set token(token) {
    this.#token = token ? `${token}` : this.#token && "";
    this.change();
  }

  /** Asks for what is new; after a failure, for everything. */
  refresh() {
    if (!begun.has(this)) this.begin();
    else if (this.#id) run(this, () => this.#app.refresh(this.#id));
    else this.load();
  }

  /** Goes to a comment of the thread, which is loaded for it. */
  scrollToComment(id) {
    this.#wished = `${id}`;
    this.begin();
    this.#grant();
  }

  /** Not for pages: the element is needed now. */
  begin() {
    if (begun.has(this) || !this.isConnected) return;
    near.unobserve(this);
    begun.add(this);
    join(this);
    this.load();
  }

  /** Not for pages: loads what is asked for. Ends when it is shown, or has failed. */
  async load() {
    let address = home;
    this.#is_held = true;
    try {
      address = portal(this, home);
      early(`${address}portal.json`);
      const [instance, sheets] = await Promise.all([app(), look()]);
      if (!begun.has(this) || this.#id) return;
      this.#app = instance;
      this.#sheets = sheets;
      this.dress();
      // As it is by now.
      const asked = this.#asked();
      const settled = new Promise((settle) => (this.#settle = settle));
      this.#id = run(this, () => instance.mount(this.#place, asked, (what, more) => this.#hear(what, more)));
      this.#grant();
      await settled;
    } catch (error) {
      if (begun.has(this)) this.#fail(explain(error, address));
    } finally {
      this.#is_held = false;
    }
  }

  /** Not for pages: something that it goes by has changed. */
  change() {
    if (!begun.has(this)) return;
    this.#changing ??= setTimeout(() => {
      this.#changing = undefined;
      if (!begun.has(this) || !this.isConnected) return;
      let asked;
      try {
        asked = this.#asked();
      } catch {
        // What is wrong is told by loading.
        this.#drop();
      }
      if (this.#id) run(this, () => this.#app.update(this.#id, asked));
      else if (!this.#is_held) this.load();
    });
  }

  /** Not for pages: follows the page's theme and font. */
  dress() {
    if (begun.has(this) && this.#app) dress(this, this.#root, this.#sheets, this.#accents);
  }

  /** Not for pages: the instance has broken. What can be saved of it ends here. */
  lose(instance) {
    const id = this.#id;
    this.#id = undefined;
    this.#settle();
    try {
      instance.unmount(id);
    } catch {
      // It is broken.
    }
    this.#empty();
  }

  /** Not for pages: says that it has stopped, and offers to begin again. */
  stop() {
    const [what, again] = STOPPED[(language(this) || navigator.language).slice(0, 2)] ?? STOPPED.en;
    const text = document.createElement("p");
    const button = document.createElement("button");
    text.className = "hd-stopped";
    text.setAttribute("role", "alert");
    text.append(`${what} `, button);
    button.type = "button";
    button.textContent = again;
    button.onclick = () => {
      this.#empty();
      this.load();
    };
    this.#place.replaceChildren(text);
    this.#slot.hidden = this.#is_held = true;
    this.#emit("error", { message: what });
  }

  #asked() {
    return {
      kind: this.localName.slice(8),
      portal: portal(this, home),
      source: this.source,
      article: this.article,
      section: this.section,
      lang: language(this),
      reads: navigator.languages.join(" "),
      level: this.headingLevel,
      limit: this.limit,
      assertion: this.#token,
    };
  }

  #hear(what, more) {
    if (what === "ready") {
      this.#accents = more.split(" ");
      this.dress();
      this.#slot.hidden = true;
      this.#is_shown = true;
      this.#emit("view", { kind: this.localName.slice(8), article: this.article, section: this.section });
    } else if (what === "failed") {
      this.#fail(explain(more, portal(this, home)));
    } else {
      this.#emit("posted", { comment: more });
    }
    this.#settle();
  }

  #fail(message) {
    console.error(`<${this.localName}>: ${message}`);
    if (!this.#place.firstChild) this.#empty();
    if (!this.#is_shown && !this.#slot.firstChild) {
      const link = document.createElement("a");
      link.href = link.textContent = home;
      this.#slot.append(link);
    }
    this.#emit("error", { message });
  }

  #grant() {
    if (this.#wished === undefined || !this.#id) return;
    const wished = this.#wished;
    this.#wished = undefined;
    run(this, () => this.#app.show(this.#id, wished));
  }

  /** A link: within the element we go there, to the portal unless the page has other plans. */
  #follow(event) {
    try {
      this.#lead(event);
    } catch {
      // A junk address, or a link within a drawing: the browser follows it.
    }
  }

  #lead(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const [page, fragment] = link.href.split("#");
    const is_here = fragment && page === location.href.split("#")[0];
    const place = is_here && this.#root.getElementById(decodeURIComponent(fragment));
    if (place) {
      // The address of a comment is one to share: the app goes there when it changes.
      if (fragment.startsWith("comment-") && location.hash !== `#${fragment}`) return;
      event.preventDefault();
      place.scrollIntoView();
      if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
      place.focus({ preventScroll: true });
    } else if (link.href.startsWith(portal(this, home)) && !this.#emit("navigate", { href: link.href }, true)) {
      event.preventDefault();
    }
  }

  #leave() {
    begun.delete(this);
    part(this);
    this.#drop();
  }

  /** Takes it out of the app. */
  #drop() {
    const id = this.#id;
    this.#id = undefined;
    if (id) run(this, () => this.#app.unmount(id));
    this.#settle();
    this.#empty();
  }

  #empty() {
    this.#place.replaceChildren();
    this.#slot.hidden = this.#is_shown = false;
  }

  #emit(name, detail, cancelable = false) {
    const event = new CustomEvent(`haidang:${name}`, { bubbles: true, composed: true, cancelable, detail });
    return this.dispatchEvent(event);
  }
}

reflect(HaidangElement, ATTRIBUTES);
