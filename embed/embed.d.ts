// The types of embed/v1/embed.js: `import type {} from "https://portal.example/embed/v1/embed.js"`, or a copy
// of this file beside your own.

/** What the elements have in common. Each property is the attribute of its name, with hyphens. */
export interface HaidangElement extends HTMLElement {
  /** The portal's address; the one that the script comes from if empty. */
  portal: string;
  /** A source of the portal; empty is the first. */
  source: string;
  /** `light`, `dark`, `contrast`; `auto` is as on the device, empty as the page (`color-scheme`). */
  theme: "" | "auto" | "light" | "dark" | "contrast";
  /** The level of the first heading, `1` to `6`; 2 if empty. */
  headingLevel: string;
  /** `eager` loads at once; else when the element comes within a screen of being seen. */
  loading: "" | "eager" | "lazy";
  /** Who the reader is: a JWT that the portal's server verifies. A property alone, kept nowhere. */
  token: string;
  /** Asks for what is new; after a failure, for everything. */
  refresh(): void;

  addEventListener<K extends keyof HaidangEvents>(
    type: K,
    listener: (this: this, event: HaidangEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** An article. */
export interface HaidangArticle extends HaidangElement {
  /** The article's id at its source. */
  article: string;
}

/** The thread of an article. */
export interface HaidangComments extends HaidangElement {
  /** The article's id at its source. */
  article: string;
  /** Goes to a comment, which is loaded if need be. */
  scrollToComment(id: string): void;
}

/** The newest articles. */
export interface HaidangHeadlines extends HaidangElement {
  /** A section's id; empty is all of them. */
  section: string;
  /** At most so many, `1` to `50`; 10 if empty. */
  limit: string;
}

/** The number of an article's comments. */
export interface HaidangCount extends HTMLElement {
  /** The portal's address; the one that the script comes from if empty. */
  portal: string;
  /** A source of the portal; empty is the first. */
  source: string;
  /** The article's id at its source. */
  article: string;
  /** Asks again. */
  refresh(): void;
}

/** All bubble and leave shadow roots. */
export interface HaidangEvents {
  /** A link to the portal was pressed; `preventDefault()` keeps the browser from going there. */
  "haidang:navigate": CustomEvent<{ href: string }>;
  /** A comment of the reader's was taken; its id is empty where the backend does not say. */
  "haidang:posted": CustomEvent<{ comment: string }>;
  /** It cannot be shown; the fallback is. */
  "haidang:error": CustomEvent<{ message: string }>;
  /** It is shown. */
  "haidang:view": CustomEvent<{ kind: "article" | "comments" | "headlines"; article: string; section: string }>;
}

/** Writes the number of comments behind each link within `root` that has `data-haidang-count="{article}"`. */
export function count(root?: ParentNode): void;

declare global {
  interface HTMLElementTagNameMap {
    "haidang-article": HaidangArticle;
    "haidang-comments": HaidangComments;
    "haidang-headlines": HaidangHeadlines;
    "haidang-count": HaidangCount;
  }
  interface HTMLElementEventMap extends HaidangEvents {}
}
