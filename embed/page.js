// What the page around says to an element.

/** An element and those it is in, from within shadow roots too, the nearest first. */
export const around = (element) =>
  element ? [element, ...around(element.parentElement ?? element.getRootNode().host)] : [];

/** The language of what stands around an element. */
export const language = (element) =>
  around(element)
    .map((at) => at.getAttribute("lang"))
    .find(Boolean) ?? "";

/** The address of the portal that an element names, else `home`. */
export const portal = (element, home, name = "portal") => {
  const url = new URL(element.getAttribute(name) || home, document.baseURI);
  if (!/^https?:$/.test(url.protocol)) throw new Error(`"${url}" is not the address of a portal`);
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  url.search = url.hash = "";
  return url.href;
};
