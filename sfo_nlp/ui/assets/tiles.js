// The headline answers as buttons: a click opens its question in the list and chooses its first passage.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".tiles");
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const stamp = JSON.stringify(data.tiles);
  root.go = (tile) => {
    window.sfoAsked = tile.group;
    window.dispatchEvent(new CustomEvent("sfo-asked"));
    setTriggerValue("select", tile.key ?? "");
  };
  if (root.stamp === stamp) return;
  root.stamp = stamp;
  root.replaceChildren(...data.tiles.map((tile) => {
    const button = make("button", tile.tone);
    button.type = "button";
    button.title = tile.key ? "Show its passages" : "Show the question";
    const given = make("span", "given", tile.answer);
    if (tile.sign) {
      const sign = make("span", "sign", tile.sign);
      sign.setAttribute("role", "img");
      sign.setAttribute("aria-label", tile.said);
      sign.title = tile.said;
      given.prepend(sign);
    }
    button.append(make("span", "asked", tile.title), given, make("span", "detail", tile.detail));
    button.onclick = () => root.go(tile);
    const row = make("li");
    row.append(button);
    return row;
  }));
}
