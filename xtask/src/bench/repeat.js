// Ends once the worker has the whole app and this page, if it was printed, which is in its hands, and an article
// is in the database. Gives whether the browser has workers.
(async () => {
  if (!navigator.serviceWorker) return false;
  const hasApp = async () => {
    for (const name of await caches.keys()) {
      if (!name.includes(":shell:")) continue;
      const cache = await caches.open(name);
      if (await cache.match(new URL("complete", document.baseURI))) return true;
    }
  };
  const hasArticle = () =>
    new Promise((done) => {
      // A printed page shows before the app has noted which portal it is.
      const { id } = JSON.parse(localStorage.getItem("haidang:portal")) ?? {};
      if (!id) return done(false);
      const opening = indexedDB.open(`haidang:${id}`);
      // It is the app that makes one.
      opening.onupgradeneeded = () => opening.transaction.abort();
      opening.onerror = () => done(false);
      opening.onsuccess = () => {
        const database = opening.result;
        const end = (found) => (database.close(), done(found));
        if (!database.objectStoreNames.contains("abouts")) return end(false);
        const asked = database.transaction("abouts").objectStore("abouts").getAll();
        asked.onerror = () => end(false);
        asked.onsuccess = () => end(asked.result.some((text) => JSON.parse(text).key.includes("articles/")));
      };
    });
  const isPrinted = "printed" in document.documentElement.dataset;
  // By the address it was opened by: the app may have completed it.
  const [{ name: opened }] = performance.getEntriesByType("navigation");
  const hasPage = async () => !isPrinted || (await caches.match(opened));
  const hasAll = async () => (await hasApp()) && (await hasPage()) && (await hasArticle());
  const isKept = async () => navigator.serviceWorker.controller && (await hasAll());
  while (!(await isKept())) await new Promise((go) => setTimeout(go, 50));
  return true;
})();
