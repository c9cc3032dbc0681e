// Keeps articles as the portal would have, and searches them in its page.
(() => {
  const NAME = "haidang:haiphong";
  const syllables = "hai phong cang bien song cau duong pho truong hoc bao mua lu nuoc dien tau thuyen nguoi dan thanh".split(" ");
  const until = async (is) => {
    while (!is()) await new Promise((go) => setTimeout(go, 4));
  };
  const settled = (request) =>
    new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  const card = (number) => {
    const word = (index) => syllables[(number * 7 + index * index * 3) % syllables.length] + ((number + index) % 50);
    const words = Array.from({ length: 450 }, (_, index) => word(index)).join(" ");
    const title = `Bài ${number}`;
    const headline = { key: { id: `b${number}` }, work: `b${number}`, lang: "vi", slug: "bai", title };
    return {
      version: 1, source: "", id: `b${number}`, work: `b${number}`, lang: "vi", headline, published: number,
      title: title.toLowerCase(), words: ` bai ${number} hieu${number % 40} ${words} `,
    };
  };
  return {
    // Waits until the portal has kept something, so that its database is there.
    keep: async (count) => {
      await until(() => localStorage.getItem(`${NAME}:kept`) && document.querySelector(".header-search"));
      const database = await settled(indexedDB.open(NAME));
      const change = database.transaction("cards", "readwrite");
      for (let number = 0; number < count; number++) {
        change.objectStore("cards").put(JSON.stringify(card(number)), `bench ${number}`);
      }
      await new Promise((done, fail) => {
        change.oncomplete = done;
        change.onabort = () => fail(change.error);
      });
      database.close();
      // The part that search is in comes with its page.
      document.querySelector(".header-search").requestSubmit();
      await until(() => document.querySelector("main .search-form"));
    },
    search: async (round) => {
      const query = `hiệu${round % 40} cảng`;
      const form = document.querySelector("main .search-form");
      form.querySelector("input").value = query;
      const begun = performance.now();
      form.requestSubmit();
      await until(() => document.querySelector("main .stale")?.textContent.includes(query));
      return performance.now() - begun;
    },
  };
})()
