// What the portal prints of elements: whether it does, and how it is asked for.

/* global PRINTED */

import { at, file } from "./app.js";

/** The file that makes content of what was printed; empty where the portal prints nothing. */
export const PRINTS = PRINTED;

/** What is kept here of a reader who may see another thread than everybody: nothing is printed for them. */
const OWN = /^haidang:.+:(muted|preferences)$/;

/** Asks for it, and not by who the reader is; gives what makes content of it for a shadow root, or nothing. */
export const ask = async (asked) => {
  if (Object.keys(localStorage).some((key) => OWN.test(key))) return undefined;
  const coming = new Promise((tell) => {
    // A document that is parsed so needs no permission of Trusted Types, and runs nothing.
    const request = new XMLHttpRequest();
    request.open("GET", at(`printed?${new URLSearchParams({ ...asked, portal: "", assertion: "" })}`));
    request.responseType = "document";
    // In vain: the app shows it.
    request.timeout = 4_000;
    request.onloadend = () => tell(request.response);
    request.send();
  });
  const { printed } = await file(PRINTS);
  return printed(await coming);
};
