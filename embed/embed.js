// The elements of Hải Đăng for somebody else's page. `cargo xtask build` makes one small file of this folder,
// embed/v1/embed.js, whose name stays; what it loads on demand has a digest in its name.

/* global COUNT */

import { file, home } from "./app.js";
import { HaidangElement, adopt, reflect } from "./element.js";
import { explain } from "./faults.js";

let failed = 0;

/** What counts is a file of its own. If it does not come, who comes next asks for it again, at another address. */
const counting = (use) =>
  file(`${COUNT}${failed ? `?${failed}` : ""}`).then(use, (error) => {
    failed += 1;
    console.error(`haidang, counts of comments: ${explain(error, home)}`);
  });

/** `<haidang-count article="…">`: the number alone, in the page's own type. */
class Count extends HTMLElement {
  static observedAttributes = ["article", "portal", "source"];

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  connectedCallback() {
    adopt(this, Count.observedAttributes);
    this.refresh();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.refresh();
  }

  /** Asks again. */
  refresh() {
    counting(({ show }) => show(this, home));
  }
}

reflect(Count, Count.observedAttributes);

/** Writes the number of comments behind each link that has `data-haidang-count="{article}"`. */
const count = (root = document) => {
  if (root.querySelector("[data-haidang-count]")) counting(({ links }) => links(root, home));
};

// Another version of this script may have been here first: then its elements stay.
const define = (name, element) => customElements.get(name) ?? customElements.define(name, element);

define("haidang-article", class extends HaidangElement {});
define("haidang-comments", class extends HaidangElement {});
define("haidang-headlines", class extends HaidangElement {});
define("haidang-count", Count);
count();

export { count };
