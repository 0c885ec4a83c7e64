// The page as it looks, its passages as buttons over it; every text goes in as text, never as markup.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".viewer");
  const keep = (root.kept ??= { zoom: 100, urls: new Map() });
  if (keep.document !== data.document) { keep.urls.clear(); keep.strip = null; keep.document = data.document; }
  if (data.url) keep.urls.set(data.page, data.url);
  if (keep.urls.size > 20) keep.urls.delete(keep.urls.keys().next().value);
  const url = keep.urls.get(data.page);
  if (!data.blocks && !data.words && !url) { setTriggerValue("need", data.page); return; }
  const make = (tag, props = {}, kids = []) => {
    const node = Object.assign(document.createElement(tag), props);
    for (const kid of kids) node.append(kid);
    return node;
  };
  const stageOf = () => root.querySelector(".stage");
  const choose = (keys) => {
    if (!keys.includes(data.selected)) setTriggerValue("select", keys[0]);
  };

  const strip = () => {
    const nav = root.querySelector(".strip");
    const stamp = JSON.stringify(data.strip);
    if (keep.strip !== stamp) {
      keep.strip = stamp;
      nav.replaceChildren(...data.strip.map((one) => {
        const button = make("button", { type: "button", title: one.label, onclick: () => setTriggerValue("turn", one.number) });
        button.setAttribute("aria-label", one.label);
        button.append(make("span", { textContent: one.number }), make("span", { className: "letters", textContent: one.letters || "\u00a0" }));
        return button;
      }));
    }
    [...nav.children].forEach((button, index) => {
      const here = data.strip[index].number === data.page;
      here ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current");
      button.onclick = () => setTriggerValue("turn", data.strip[index].number);
      if (here && keep.page !== data.page) button.scrollIntoView({ block: "nearest" });
    });
  };

  const dress = (node, place) => {
    node.style.setProperty("--c", place.colour);
    node.style.setProperty("--line", place.line);
    node.classList.toggle("double", place.line === "double");
    if (place.keys.includes(data.selected)) node.classList.add("on");
    return node;
  };

  // A line under each of many lines is too much: the tint and the tag tell, and one line under the last.
  const quiet = (boxes, index) => boxes[index][3] - boxes[index][1] > 30 || (boxes.length > 4 && index < boxes.length - 1);

  const hits = (sheet) => {
    for (const place of data.places) {
      place.boxes.forEach((box, index) => {
        const [left, top, right, bottom] = box;
        const hit = dress(make(index ? "div" : "button", { className: quiet(place.boxes, index) ? "hit quiet" : "hit", title: place.label, onclick: () => choose(place.keys) }), place);
        Object.assign(hit.style, {
          left: `${(100 * left) / data.width}%`, top: `${(100 * top) / data.height}%`,
          width: `${(100 * (right - left)) / data.width}%`, height: `${(100 * (bottom - top)) / data.height}%`,
        });
        index ? hit.setAttribute("aria-hidden", "true") : hit.setAttribute("aria-label", place.label);
        if (!index) {
          hit.type = "button";
          hit.setAttribute("aria-pressed", place.keys.includes(data.selected));
          const tag = dress(make("span", { className: "tag", textContent: place.letters }), place);
          tag.setAttribute("aria-hidden", "true");
          Object.assign(tag.dataset, { side: left > data.width * 0.55 ? "right" : "left", top: top / data.height });
          sheet.append(tag);
        }
        sheet.append(hit);
      });
    }
  };

  // Tags beside one another while the margin has room, else the next one lower; by their drawn size, so none overlap.
  const arrange = () => {
    const sheet = root.querySelector(".sheet");
    if (!sheet || data.blocks) return;
    const boxes = data.places.flatMap((place) => place.boxes);
    const free = { left: Math.min(...boxes.map((box) => box[0])), right: data.width - Math.max(...boxes.map((box) => box[2])) };
    const edge = 0.006 * sheet.clientWidth, most = 0.08 * sheet.clientWidth;
    const placed = { left: [], right: [] };
    const tags = [...sheet.querySelectorAll(".tag")].map((tag) => ({ tag, y: tag.dataset.top * sheet.clientHeight, w: tag.offsetWidth, h: tag.offsetHeight }));
    for (const one of tags.sort((a, b) => a.y - b.y)) {
      const side = one.tag.dataset.side, others = placed[side];
      const room = Math.min(most, (free[side] / data.width) * sheet.clientWidth);
      for (;;) {
        const clash = others.filter((other) => other.y < one.y + one.h && one.y < other.y + other.h);
        one.x = clash.reduce((far, other) => Math.max(far, other.x + other.w + 2), edge);
        if (!clash.length || one.x + one.w <= room) break;
        one.y = Math.min(...clash.map((other) => other.y + other.h)) + 1;
      }
      others.push(one);
      one.tag.style.top = `${one.y}px`;
      one.tag.style[side] = `${one.x}px`;
    }
  };

  const picture = () => {
    const image = make("img", { src: url, alt: `Picture of page ${data.page}. Its marked passages follow as buttons.` });
    const sheet = make("div", { className: "sheet" }, [image]);
    sheet.style.setProperty("--pt", `${100 / data.width}cqw`);
    sheet.style.aspectRatio = `${data.width} / ${data.height}`;
    hits(sheet);
    return sheet;
  };

  const text = () => {
    const sheet = make("div", { className: "sheet text" });
    const started = new Set();
    for (const block of data.blocks) {
      const line = make(block.kind);
      for (const run of block.runs) {
        if (!run.keys.length) { line.append(run.text); continue; }
        const place = data.places.find((one) => one.keys.some((key) => run.keys.includes(key)));
        if (!place) { line.append(run.text); continue; }
        const hit = dress(make("span", { className: "hit", title: place.label, tabIndex: 0, onclick: () => choose(run.keys) }), { ...place, keys: run.keys });
        hit.setAttribute("role", "button");
        hit.setAttribute("aria-pressed", run.keys.includes(data.selected));
        hit.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(run.keys); } };
        const fresh = run.keys.filter((key) => !started.has(key));
        fresh.forEach((key) => started.add(key));
        if (fresh.length) {
          const tag = dress(make("span", { className: "tag", textContent: fresh.map((key) => data.letters[key]).join("") }), { ...place, keys: run.keys });
          tag.setAttribute("aria-hidden", "true");
          hit.append(tag);
        }
        hit.append(run.text);
        line.append(hit);
      }
      sheet.append(line);
    }
    return sheet;
  };

  const tools = () => {
    const bar = root.querySelector(".tools");
    const button = (label, name, act, off) => {
      const node = make("button", { type: "button", textContent: label, onclick: act, disabled: off, title: name });
      node.setAttribute("aria-label", name);
      return node;
    };
    const zoom = (by) => () => { keep.zoom = Math.min(250, Math.max(50, keep.zoom + by)); size(); };
    const first = data.strip[0]?.number ?? 1, last = data.strip.at(-1)?.number ?? 1;
    bar.replaceChildren(
      button("‹", `Previous ${data.unit}`, () => setTriggerValue("turn", data.page - 1), data.page <= first),
      button("›", `Next ${data.unit}`, () => setTriggerValue("turn", data.page + 1), data.page >= last),
      make("span", { className: "where", textContent: `${data.Unit} ${data.page} of ${last}` }),
      button("−", "Smaller", zoom(-25), false), make("span", { className: "size", textContent: "" }), button("+", "Larger", zoom(25), false),
    );
  };

  const size = () => {
    const sheet = root.querySelector(".sheet");
    root.querySelector(".size").textContent = `${keep.zoom} %`;
    if (!sheet) return;
    if (data.blocks) sheet.style.fontSize = `${keep.zoom / 100}rem`; else sheet.style.width = `${keep.zoom}%`;
    arrange();
  };

  const show = () => {
    const stage = stageOf();
    const focused = stage.contains(root.getRootNode().activeElement);
    const top = stage.scrollTop;
    stage.setAttribute("aria-label", `${data.Unit} ${data.page}`);
    if (data.words) stage.replaceChildren(make("p", { className: "words", textContent: data.words }));
    else stage.replaceChildren(data.blocks ? text() : picture());
    size();
    const on = stage.querySelector(".hit.on");
    const turned = keep.page !== data.page, chosen = keep.selected !== data.selected;
    stage.scrollTop = turned ? 0 : top;
    if (on && (turned || chosen)) {
      const away = on.getBoundingClientRect().top - stage.getBoundingClientRect().top;
      if (away < 40 || away > stage.clientHeight - 80) stage.scrollTo({ top: stage.scrollTop + away - stage.clientHeight / 3, behavior: turned ? "instant" : "smooth" });
      if (focused) on.focus({ preventScroll: true });
    }
    Object.assign(keep, { page: data.page, selected: data.selected });
    root.dataset.shown = `${data.page}:${data.selected ?? ""}`;
  };

  strip();
  tools();
  show();
  keep.arrange = arrange;
  if (!keep.watching) {
    keep.watching = new ResizeObserver(() => keep.arrange());
    keep.watching.observe(stageOf());
  }
  if (window.sfoChosen !== data.selected) {
    window.sfoChosen = data.selected;
    window.dispatchEvent(new CustomEvent("sfo-chosen"));
  }
}
