// Standards, criteria and what they rest on; a click selects a finding. Texts go in as text, never as markup.
// The list scrolls by itself beside the page: it follows the chosen finding, and opens what a headline answer asks for.
const FIRST = 6;
const chosen = () => window.sfoChosen ?? null;
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".list");
  const keep = (root.kept ??= { open: {}, all: {}, stamp: null });
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  keep.select = (key) => setTriggerValue("select", key);

  const item = (one) => {
    const button = make("button", "item");
    button.type = "button";
    button.dataset.key = one.key;
    button.onclick = () => keep.select(one.key);
    const letter = make("span", "letter", one.letter);
    letter.style.setProperty("--k", one.colour);
    letter.setAttribute("aria-hidden", "true");
    const middle = make("span");
    middle.append(make("span", "what", one.title), make("span", "quote", `“${one.quote}”`));
    const right = make("span", "page", one.where);
    if (one.said) right.append(make("span", "said", one.said));
    button.append(letter, middle, right);
    const row = make("li");
    row.append(button);
    return row;
  };

  const fill = (list, group) => {
    const rest = group.items.length - FIRST;
    const all = keep.all[group.id] || rest <= 2 || group.items.slice(FIRST).some((one) => one.key === chosen());
    list.replaceChildren(...(all ? group.items : group.items.slice(0, FIRST)).map(item));
    if (!all) {
      const more = make("button", "more", `Show ${rest} more`);
      more.type = "button";
      more.onclick = () => { keep.all[group.id] = true; fill(list, group); mark(); };
      const row = make("li");
      row.append(more);
      list.append(row);
    }
  };

  const group = (one) => {
    const box = make("details", `${one.outcome} ${one.items.length ? "" : "empty"}`);
    box.dataset.group = one.id;
    box.open = keep.open[one.id] ?? one.open;
    box.ontoggle = () => { keep.open[one.id] = box.open; };
    const summary = make("summary");
    const sign = make("span", "sign", one.sign);
    sign.setAttribute("aria-hidden", "true");
    const middle = make("span");
    middle.append(make("span", "question", one.question), document.createElement("br"));
    const reason = make("span", "reason");
    if (one.said) reason.append(make("b", "", `${one.said}. `));
    reason.append(one.reason);
    middle.append(reason);
    summary.append(sign, middle, make("span", "count", one.items.length ? String(one.items.length) : ""));
    box.append(summary);
    if (one.items.length) {
      const list = make("ul");
      fill(list, one);
      box.append(list);
    } else box.append(make("p", "none", "No passage to show for this."));
    return box;
  };

  const mark = () => {
    for (const button of root.querySelectorAll(".item")) button.setAttribute("aria-pressed", button.dataset.key === chosen());
  };

  const stamp = JSON.stringify(data.sections);
  if (stamp !== keep.stamp) {
    keep.stamp = stamp;
    const focused = root.getRootNode().activeElement?.dataset?.key;
    root.replaceChildren(...data.sections.flatMap((section) => {
      const head = make("h3", "", section.title);
      head.append(make("span", "tally", section.tally));
      return [head, ...section.groups.map(group)];
    }));
    if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  const boxOf = () => root.getRootNode().host?.closest(".st-key-list");
  const seen = (node) => {
    const away = node.getBoundingClientRect().top - boxOf().getBoundingClientRect().top;
    return away > 0 && away < boxOf().clientHeight - 70;
  };
  const scroll = (node, down) => {
    if (node && boxOf()) boxOf().scrollTop += node.getBoundingClientRect().top - boxOf().getBoundingClientRect().top - down;
  };
  const follow = () => {
    const found = [...root.querySelectorAll('details[open] .item[aria-pressed="true"]')];
    if (found.length && boxOf() && !found.some(seen)) scroll(found[0], boxOf().clientHeight / 3);
  };
  // While another tab is in front there is nothing to scroll yet.
  const asked = (tries = 20) => {
    const found = window.sfoAsked && root.querySelector(`[data-group="${CSS.escape(window.sfoAsked)}"]`);
    if (!found || (!root.clientHeight && tries)) {
      if (found) setTimeout(() => keep.asked(tries - 1), 100);
      return;
    }
    window.sfoAsked = null;
    found.open = true;
    scroll(found, 4);
  };
  mark();
  if (!keep.heard) {
    keep.heard = true;
    window.addEventListener("sfo-chosen", () => keep.mark());
    window.addEventListener("sfo-asked", () => keep.asked());
  }
  keep.asked = asked;
  asked();
  keep.mark = () => {
    for (const one of data.sections.flatMap((section) => section.groups)) {
      if (one.items.slice(FIRST).some((item) => item.key === chosen()) && !keep.all[one.id]) {
        keep.all[one.id] = true;
        const list = root.querySelector(`[data-group="${CSS.escape(one.id)}"] ul`);
        if (list) fill(list, one);
      }
    }
    mark();
    follow();
  };
}
