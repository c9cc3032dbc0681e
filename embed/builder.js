// The page that makes tags: what is chosen, as markup and as it looks.

import words from "./builder.json";

const SCRIPT = "embed/v1/embed.js";
const one = (css) => document.querySelector(css);
const form = one("form");

const lang = navigator.languages.map((code) => code.slice(0, 2)).find((code) => words[code]) ?? "en";
const said = words[lang];
document.documentElement.lang = lang === "zh" ? "zh-Hans" : lang;
document.title = said.title;
for (const place of document.querySelectorAll("[data-word]")) place.textContent = said[place.dataset.word];

/** The id in an address of the portal, or what was typed. */
const id_of = (text) => {
  const [, id] = text.trim().match(/\/article\/([^/?#]+)/) ?? [];
  const escaped = (id ?? text.trim()).replace(/~([0-9A-F]{2})/g, "%$1");
  try {
    return id ? decodeURIComponent(escaped) : text.trim();
  } catch {
    return text.trim();
  }
};

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** What was chosen, as attributes. */
const chosen = () => {
  const kind = form.elements.kind.value;
  const fields = [...form.elements].filter((field) => field.name !== "kind" && !field.closest("label").hidden);
  const values = fields.map(({ name, value }) => [name, name === "article" ? id_of(value) : value]);
  return { kind, attributes: values.filter(([, value]) => value) };
};

const show = () => {
  for (const label of form.querySelectorAll("[data-for]")) {
    label.hidden = !label.dataset.for.split(" ").includes(form.elements.kind.value);
  }
  const { kind, attributes } = chosen();
  const src = new URL(SCRIPT, document.baseURI).href;
  const tag = attributes.map(([name, value]) => ` ${name}="${escape(value)}"`).join("");
  one("code").textContent =
    `<script type="module" src="${escape(src)}"></script>\n<haidang-${kind}${tag}></haidang-${kind}>`;
  one("[role=status]").textContent = "";
  const element = document.createElement(`haidang-${kind}`);
  for (const [name, value] of attributes) element.setAttribute(name, value);
  const is_whole = kind === "headlines" || attributes.some(([name]) => name === "article");
  one(".preview").replaceChildren(is_whole ? element : said.missing);
};

let typing;
form.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(show, 300);
});
form.addEventListener("submit", (event) => event.preventDefault());
one("button").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(one("code").textContent);
    one("[role=status]").textContent = said.copied;
  } catch {
    // Forbidden, or an insecure origin: what is to be copied is selected.
    getSelection().selectAllChildren(one("code"));
    one("[role=status]").textContent = said.selected;
  }
});

const option = (field, value, text, tag) => {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = text;
  if (tag) made.lang = tag;
  form.elements[field].append(made);
};

const portal = await (await fetch("portal.json")).json();
for (const { code, tag, name } of portal.languages) option("lang", code, name, tag ?? code);
for (const { section, name } of portal.navigation ?? []) {
  if (section) option("section", section, name[lang] ?? name[portal.default] ?? section);
}
show();
