// What the elements have in common: their life on the page. What they show is the app's, and until it is there what
// the portal has printed, if it prints.

import { app, begun, busy, early, file, home, run } from "./app.js";
import { explain } from "./faults.js";
import { dress, look } from "./look.js";
import { around, language, portal } from "./page.js";
import { PRINTS, ask } from "./print.js";

/* global SELDOM */

const ATTRIBUTES = ["portal", "source", "article", "section", "lang", "theme", "heading-level", "limit", "loading"];

/** The address of the page, without its fragment. */
const page_now = () => location.href.split("#")[0];

/** Whether the page's address is of a comment. */
const names_comment = () => location.hash.startsWith("#comment");

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
  /** What the app is in. */
  #place;
  /** What links to places within begin with: the page may have been given another address since. */
  #page;
  /** What is shown: that, or what was printed. */
  #shown;
  #printed;
  /** `undefined` until the page has said something. */
  #token;
  /** `undefined` until it can be styled. */
  #accents;
  #sheets;
  #leaving;
  #changing;
  /** Whether it waits for the reader: then it does not begin by itself. */
  #is_held = false;
  /** Ends when what is on its way has come. */
  #loading;
  #is_shown = false;
  #wished;
  #settle;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: "open" });
    const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
    this.#slot = make("slot");
    this.#shown = this.#place = make("div", { className: "hd", part: "content" });
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
    if (this.loading === "eager" || (names_comment() && this.#kind === "comments")) this.begin();
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
    else {
      // What is written and pressed in what was printed is meant for that.
      if (this.#is_printed && name === "article") this.#empty();
      this.change();
    }
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
    this.load();
  }

  /** Not for pages: loads what is asked for, once at a time. Ends when it is shown, or has failed. */
  load() {
    return (this.#loading ??= this.#load().finally(() => (this.#loading = undefined)));
  }

  async #load() {
    let address = home;
    this.#is_held = false;
    try {
      if (PRINTS && (await this.#print())) return;
      address = portal(this, home);
      early(`${address}portal.json`);
      const [instance] = await Promise.all([app(), this.#look()]);
      if (!begun.has(this) || this.#id) return;
      this.#app = instance;
      this.dress();
      // As it is by now.
      const asked = this.#asked();
      const settled = new Promise((settle) => (this.#settle = settle));
      this.#id = run(this, () => instance.mount(this.#place, asked, (what, more) => this.#hear(what, more)));
      this.#grant();
      await settled;
    } catch (error) {
      if (begun.has(this)) this.#fail(explain(error, address));
    }
  }

  get #kind() {
    return this.localName.slice(8);
  }

  async #look() {
    this.#sheets = await look();
    this.#accents ??= [];
  }

  /** Shows what the portal has printed; whether that is all there is to it. Not what is only for this reader. */
  async #print() {
    // An article is not printed: who reads it begins at once to use what only the app can do.
    const is_own = this.#token || this.#wished || names_comment();
    if (is_own || this.#kind === "article" || portal(this, home) !== home) return false;
    const asked = this.#asked();
    const [printed] = await Promise.all([ask(asked), this.#look()]).catch(() => []);
    if (!begun.has(this) || this.#id) return true;
    if (JSON.stringify(asked) !== JSON.stringify(this.#asked())) return this.#print();
    if (!printed) return false;
    this.#printed?.end();
    this.#printed = printed(this.#root);
    const { content } = this.#printed;
    this.#show(content.dataset.accents, content);
    // Headlines are no more than that.
    return this.#kind === "headlines";
  }

  /** Whether what was printed is what is shown. */
  get #is_printed() {
    return this.#shown !== this.#place;
  }

  #put(what) {
    if (what !== this.#shown) this.#shown.replaceWith(what);
    this.#shown = what;
  }

  #show(accents, content) {
    this.#page = page_now();
    this.#accents = accents.split(" ");
    // First: it asks for the style of the element, which would wait for that of all that is in it.
    this.dress();
    if (content) this.#put(content);
    this.#slot.hidden = true;
    if (!this.#is_shown) {
      this.#is_shown = true;
      this.#emit("view", { kind: this.#kind, article: this.article, section: this.section });
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
    if (begun.has(this) && this.#accents) dress(this, this.#root, this.#sheets, this.#accents);
  }

  /** Not for pages: the instance has broken. What can be saved of it ends here. */
  lose(instance) {
    const id = this.#id;
    this.#id = this.#loading = undefined;
    this.#settle?.();
    try {
      instance.unmount(id);
    } catch {
      // It is broken.
    }
    this.#empty();
  }

  /** Not for pages: says that it has stopped, and offers to begin again. */
  stop() {
    this.#is_held = true;
    file(SELDOM).then(
      ({ stopped }) => {
        const text = stopped(language(this) || navigator.language, () => this.load());
        this.#place.replaceChildren(text);
        this.#put(this.#place);
        this.#slot.hidden = true;
        this.#emit("error", { message: text.firstChild.data });
      },
      (error) => this.#fail(explain(error, home)),
    );
  }

  #asked() {
    return {
      kind: this.#kind,
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
      this.#show(more, this.#kind === "comments" ? undefined : this.#place);
    } else if (what === "here") {
      if (this.#is_printed) this.#printed.hand(this.#place, more, () => this.#take());
    } else if (what === "failed") {
      this.#fail(explain(more, portal(this, home)));
    } else {
      this.#emit("posted", { comment: more });
    }
    this.#settle?.();
  }

  /** The app takes over. */
  #take() {
    this.#put(this.#place);
    this.#grant();
  }

  #fail(message) {
    console.error(`<${this.localName}>: ${message}`);
    if (this.#is_printed) {
      this.#printed.still();
      this.#slot.hidden = false;
    } else if (!this.#place.firstChild) {
      this.#empty();
    }
    if (!this.#slot.hidden && !this.#slot.firstChild) {
      const link = document.createElement("a");
      link.href = link.textContent = home;
      this.#slot.append(link);
    }
    this.#emit("error", { message });
  }

  #grant() {
    if (this.#wished === undefined || !this.#id || this.#is_printed) return;
    const wished = this.#wished;
    this.#wished = undefined;
    run(this, () => this.#app.show(this.#id, wished));
  }

  /** A link: within the element we go there, to the portal unless the page has other plans. */
  #follow(event) {
    try {
      const link = event.target.closest("a[href]");
      if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const [page, fragment] = link.href.split("#");
      const is_here = fragment && [this.#page, page_now()].includes(page);
      const place = is_here && this.#root.getElementById(decodeURIComponent(fragment));
      if (place) {
        event.preventDefault();
        // The address of a comment is one to share: the app goes there when it changes.
        if (fragment.startsWith("comment-") && location.hash !== `#${fragment}`) {
          location.hash = fragment;
          return;
        }
        place.scrollIntoView();
        if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
        place.focus({ preventScroll: true });
      } else if (link.href.startsWith(portal(this, home)) && !this.#emit("navigate", { href: link.href }, true)) {
        event.preventDefault();
      }
    } catch {
      // A junk address, or a link within a drawing: the browser follows it.
    }
  }

  #leave() {
    begun.delete(this);
    this.#drop();
  }

  /** Takes it out of the app. */
  #drop() {
    const id = this.#id;
    this.#id = undefined;
    if (id) run(this, () => this.#app.unmount(id));
    this.#settle?.();
    this.#empty();
  }

  #empty() {
    this.#printed?.end();
    this.#place.replaceChildren();
    this.#put(this.#place);
    this.#slot.hidden = this.#is_shown = false;
  }

  #emit(name, detail, cancelable = false) {
    const event = new CustomEvent(`haidang:${name}`, { bubbles: true, composed: true, cancelable, detail });
    return this.dispatchEvent(event);
  }
}

reflect(HaidangElement, ATTRIBUTES);
