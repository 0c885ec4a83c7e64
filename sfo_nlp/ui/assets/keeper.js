// What is being typed and not yet saved outlives a reload of this tab: kept in the tab's own storage, removed once saved.
const WATCHED = /st-key-((?:note|disagree|correct)-text-\S+)/;
export default function () {
  if (window.sfoKeeper) return;
  window.sfoKeeper = true;
  const touched = new Set(); // once somebody types here again, nothing is put back any more
  const nameOf = (box) => {
    const holder = box.closest?.('[class*="st-key-"][class*="-text-"]');
    const found = holder && WATCHED.exec(holder.className);
    return found ? `sfo-typed:${found[1]}` : null;
  };
  document.addEventListener("input", (event) => {
    const name = event.target.tagName === "TEXTAREA" ? nameOf(event.target) : null;
    if (!name || !event.isTrusted) return;
    touched.add(name);
    sessionStorage.setItem(name, event.target.value);
  }, true);
  document.addEventListener("focusout", (event) => {
    const name = event.target.tagName === "TEXTAREA" ? nameOf(event.target) : null;
    if (name && !window.sfoLeaving) setTimeout(() => sessionStorage.removeItem(name), 2000);
  }, true);
  window.addEventListener("beforeunload", () => { window.sfoLeaving = true; });
  const restore = () => {
    for (const box of document.querySelectorAll("textarea")) {
      const name = nameOf(box);
      const typed = name && sessionStorage.getItem(name);
      if (typed && !touched.has(name) && box.value !== typed) {
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, typed);
        box.dispatchEvent(new Event("input", { bubbles: true }));
        box.focus();
      }
    }
  };
  new MutationObserver(restore).observe(document.body, { childList: true, subtree: true });
  const soon = setInterval(restore, 400); // the page sets a box's value once more while it comes up
  setTimeout(() => clearInterval(soon), 8000);
}
