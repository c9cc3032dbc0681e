// Clicks the link and tells how many milliseconds pass until the task after the frame in which
// there is what `ready` selects.
async (link, ready) => {
  // What the last click has left to do is not this one's.
  await new Promise((done) => requestIdleCallback(done));
  const clicked = document.querySelector(link);
  if (!clicked) throw new Error(`no ${link}`);
  if (document.querySelector(ready)) throw new Error(`${ready} is there before the click`);
  return new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector(ready)) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now() - start);
        port2.postMessage(null);
      });
    });
    observer.observe(document, { attributes: true, childList: true, subtree: true });
    const start = performance.now();
    clicked.click();
  });
}
