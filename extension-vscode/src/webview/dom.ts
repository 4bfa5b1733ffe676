/** Making and finding elements. */

/** An element with a class and children; strings become text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** The element of the page with this id. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element '${id}'.`);
  return element;
}

/** A picture of the editor's icon set, out of its SVG source; screen readers pass over it. */
export function icon(svg: string): SVGElement {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const element = document.importNode(parsed, true) as unknown as SVGElement;
  element.setAttribute("aria-hidden", "true");
  element.classList.add("icon");
  return element;
}

/** A button with an icon, and words for those who do not see it. */
export function iconButton(svg: string, label: string, onClick: () => void, className = "action"): HTMLButtonElement {
  const button = make("button", className, icon(svg));
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.addEventListener("click", onClick);
  return button;
}

/** A button with words on it. */
export function textButton(label: string, onClick: () => void, className = "secondary"): HTMLButtonElement {
  const button = make("button", className, label);
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}
