// The elements of Hải Đăng for somebody else's page. `cargo xtask build` makes one small file of this folder,
// embed/v1/embed.js, whose name stays; what it loads on demand has a digest in its name.

/* global COUNT */

import { home } from "./app.js";
import { HaidangElement } from "./element.js";

const counting = () => import(new URL(`../${COUNT}`, import.meta.url).href);

/** `<haidang-count article="…">`: the number alone, in the page's own type. */
class Count extends HTMLElement {
  static observedAttributes = ["article", "portal", "source"];

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  connectedCallback() {
    this.refresh();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.refresh();
  }

  /** Asks again. */
  refresh() {
    counting().then((counting) => counting.show(this, home));
  }
}

/** Writes the number of comments behind each link that has `data-haidang-count="{article}"`. */
const count = (root = document) => {
  if (root.querySelector("[data-haidang-count]")) counting().then((counting) => counting.links(root, home));
};

// Another version of this script may have been here first: then its elements stay.
const define = (name, element) => customElements.get(name) ?? customElements.define(name, element);

define("haidang-article", class extends HaidangElement {});
define("haidang-comments", class extends HaidangElement {});
define("haidang-headlines", class extends HaidangElement {});
define("haidang-count", Count);
count();

export { count };
