// What the portal has printed of an element: there while the app is on its way, and until it takes over. A file of
// its own, for pages of portals that print.

/** A comment with all that belongs to it. */
const ROW = "li[data-depth]";

/** Frames in which what the reader has pressed comes up in the app. */
const PATIENCE = 120;

/** Where addresses in what was printed stand. */
const ADDRESSES = ["href", "src", "poster"];

/**
 * Of a printed document, if it is one, what makes content of it for a shadow root:
 * - `content`: the element to show
 * - `hand(place, came, put)`: has the app take over, which is in `place`; `put` puts it there. Waits as long as the
 *   reader must not be disturbed, and if nothing `came` there, until they want something.
 * - `still()`: the app does not come: what only it can do goes
 * - `end()`: it is shown no more
 */
export const printed = (page) => page?.querySelector(".hd") && ((root) => content_of(page, root));

const content_of = (page, root) => {
  for (const name of ADDRESSES) for (const at of page.querySelectorAll(`[${name}]`)) resolve(at, name);
  for (const at of page.querySelectorAll("[srcset]")) {
    at.srcset = at.srcset.replace(/(^|,\s)(\S+)/g, (_, before, url) => before + new URL(url, page.baseURI).href);
  }
  const content = document.adoptNode(page.querySelector(".hd"));

  let pressed;
  /** When somebody began to type: who is as quick as a machine is taken for one. */
  let began;
  let is_down = false;
  let is_composing = false;
  let wake;
  const done = new AbortController();
  const hear = (target, names, listener) => {
    for (const name of names) {
      target.addEventListener(
        name,
        (event) => {
          listener?.(event);
          wake?.();
        },
        { capture: true, signal: done.signal },
      );
    }
  };
  const press = (button) => {
    // The last one, but for what sends something.
    if (!pressed?.sends) pressed = named(button);
    // So that it shows.
    button.disabled = true;
  };
  hear(content, ["click"], (event) => {
    const button = event.target.closest("button");
    if (button) press(button);
  });
  hear(content, ["submit"], (event) => event.preventDefault());
  hear(content, ["keydown"], (event) => {
    const { form } = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && !event.isComposing) {
      press(form.querySelector("[type=submit]"));
    }
  });
  hear(content, ["input"], () => (began ??= Date.now()));
  hear(content, ["compositionstart"], () => (is_composing = true));
  hear(content, ["compositionend"], () => (is_composing = false));
  hear(content, ["pointerdown"], () => (is_down = true));
  hear(window, ["pointerup", "pointercancel"], () => (is_down = false));
  hear(document, ["selectionchange"]);

  const selects = () => {
    const selection = root.getSelection?.();
    return selection?.isCollapsed === false && content.contains(selection.anchorNode);
  };

  const hand = (...of) => take(...of).catch((error) => console.error("haidang:", error));

  const take = async (place, came, put) => {
    // A click follows the release: both within one task.
    const may = () => !is_down && !is_composing && (pressed || (came && !selects()));
    while (!may()) await new Promise((go) => (wake = () => setTimeout(go)));
    if (!content.isConnected) return;
    end();
    const focused = root.activeElement;
    const focus = focused && named(focused);
    const caret = focused && [focused.selectionStart, focused.selectionEnd];
    const filled = fields(content, began ?? Date.now());
    const stay = read_on(content);
    put();
    stay(place);
    for (const fill of filled) fill(place);
    if (focus) await found(place, focus, (at) => set_focus(at, caret));
    if (pressed) await found(place, pressed, (at) => at.click());
  };

  const end = () => done.abort();

  const still = () => {
    end();
    // What somebody has written stays, to be copied.
    const texts = [...content.querySelectorAll("textarea")];
    const is_written = texts.some((at) => (at.readOnly = Boolean(at.value)));
    const gone = is_written ? "button, .thread-tools, dialog" : "form, button, .thread-tools, dialog";
    for (const at of content.querySelectorAll(gone)) at.remove();
  };

  return { content, hand, still, end };
};

/** An address as the document it was printed in has it; within the page, of the page around. */
const resolve = (at, name) => {
  const said = at.getAttribute(name);
  at.setAttribute(name, said.startsWith("#") ? location.href.split("#")[0] + said : new URL(said, at.baseURI).href);
};

/** What something is found again by: what it is in, what it is, what it is called. */
const named = (at) => {
  const row = at.closest(ROW)?.querySelector("article");
  const { id } = row ?? at.parentElement.closest("[id]") ?? {};
  return { id, tag: at.localName, name: name(at), sends: at.type === "submit" };
};
const name = (at) => at.name || at.getAttribute("aria-label") || at.textContent;

/** Who is among the comments stays at the one they read: those above it may be higher now. */
const read_on = (content) => {
  const top = (at) => at.getBoundingClientRect().top;
  const all = top(content) < 0 ? [...content.querySelectorAll("article")] : [];
  const read = all.find((at) => at.getBoundingClientRect().bottom > 0);
  const before = read && top(read);
  return (place) => {
    const again = read && place.querySelector(`#${CSS.escape(read.id)}`);
    if (again) scrollBy({ top: top(again) - before, behavior: "instant" });
  };
};

/** Finds something again, once it is there. */
const found = async (place, { id, tag, name: called }, use) => {
  for (let left = PATIENCE; left > 0; left -= 1) {
    const of_id = id ? place.querySelector(`#${CSS.escape(id)}`) : place;
    const within = of_id?.closest(ROW) ?? of_id;
    const at = within && [...within.querySelectorAll(tag)].find((it) => name(it) === called);
    if (at) return use(at);
    await new Promise(requestAnimationFrame);
  }
};

const set_focus = (at, [start, end]) => {
  at.focus({ preventScroll: true });
  // Not every field has a caret.
  if (typeof start === "number" && at.setSelectionRange) at.setSelectionRange(start, end);
};

/** What the reader has filled in and opened, to be done again elsewhere. */
const fields = (content, began) => {
  const all = [...content.querySelectorAll("input, textarea, select")].filter((at) => at.name);
  const filled = all.filter((at) =>
    at.type === "checkbox" ? at.checked !== at.defaultChecked : at.value !== before(at),
  );
  const opened = [...content.querySelectorAll("details")].map(({ open }) => open);
  return [
    (place) => [...place.querySelectorAll("details")].forEach((at, index) => (at.open = opened[index] ?? at.open)),
    ...filled.map((from) => (place) => {
      const to = place.querySelector(`[name="${from.name}"]`);
      if (!to) return;
      to.checked = from.checked;
      // A draft that the app has kept comes first.
      const is_more = to.localName === "textarea" && to.value;
      to.value = is_more ? `${to.value}\n${from.value}` : from.value;
      const told = { bubbles: true, detail: Date.now() - began };
      for (const event of ["input", "change"]) to.dispatchEvent(new CustomEvent(event, told));
    }),
  ];
};

const before = (at) => (at.localName === "select" ? (at.querySelector("[selected]") ?? at.options[0])?.value : at.defaultValue);
