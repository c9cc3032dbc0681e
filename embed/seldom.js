// What few pages need of an element: a file of its own, fetched when it is.

/** In the reader's language, as far as this script knows it. */
const WORDS = {
  vi: ["Phần này đã dừng.", "Tải lại"],
  en: ["This part has stopped.", "Reload"],
  zh: ["此部分已停止运行。", "重新加载"],
  ja: ["この部分は停止しました。", "再読み込み"],
  ko: ["이 부분의 작동이 중단되었습니다.", "다시 불러오기"],
};

/** That it has stopped, with a button that calls `again`. */
export const stopped = (lang, again) => {
  const [what, label] = WORDS[lang.slice(0, 2)] ?? WORDS.en;
  const text = document.createElement("p");
  const button = document.createElement("button");
  text.className = "hd-stopped";
  text.setAttribute("role", "alert");
  text.append(`${what} `, button);
  button.type = "button";
  button.textContent = label;
  button.onclick = again;
  return text;
};

/** The style sheet as a link, with `host` as its last rule once it is there. */
export const put_link = (url, element, root, host) => {
  let link = root.querySelector("link");
  if (!link) {
    link = document.createElement("link");
    link.rel = "stylesheet";
    // Else its rules could not be touched.
    link.crossOrigin = "anonymous";
    link.href = url;
    link.onload = () => element.dress();
    root.prepend(link);
  } else if (link.sheet) {
    const rules = link.sheet.cssRules;
    if (link.is_dressed) link.sheet.deleteRule(rules.length - 1);
    link.sheet.insertRule(host, rules.length);
    link.is_dressed = true;
  }
};
