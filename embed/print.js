// What the portal prints of elements: whether it does, and how it is asked for.

/* global PRINTED */

import { at, file } from "./app.js";

/** The file that makes content of what was printed; empty where the portal prints nothing. */
export const PRINTS = PRINTED;

/** What is asked for, as the portal is asked: nothing of who the reader is. */
export const name = (asked) => `${new URLSearchParams({ ...asked, portal: "", assertion: "" })}`;

/** What is kept here of a reader who may see another thread than everybody: nothing is printed for them. */
const OWN = /^haidang:.+:(muted|preferences)$/;

/** Asks for it, by its name; gives what makes content of it for a shadow root, or nothing. */
export const ask = async (name) => {
  if (Object.keys(localStorage).some((key) => OWN.test(key))) return undefined;
  const coming = new Promise((tell) => {
    // A document that is parsed so needs no permission of Trusted Types, and runs nothing.
    const request = new XMLHttpRequest();
    request.open("GET", at(`printed?${name}`));
    request.responseType = "document";
    request.onloadend = () => tell(request.response);
    request.send();
  });
  const { printed } = await file(PRINTS);
  return printed(await coming);
};
