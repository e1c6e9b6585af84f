// Finding things in a page.

/** Everything that a selector names, as the kind of element that the template makes of it. */
export function all<Kind extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): Kind[] {
  return [...root.querySelectorAll<Kind>(selector)];
}

/** The one thing that a selector names. A page without it was drawn wrongly, and its script ends here. */
export function the<Kind extends Element = HTMLElement>(selector: string, root: ParentNode = document): Kind {
  const found = root.querySelector<Kind>(selector);
  if (!found) throw new Error(`this page has no ${selector}`);
  return found;
}

/** A field of a form by its name; undefined where the form has none, or several. */
export function field(form: HTMLFormElement, name: string): HTMLInputElement | undefined {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : undefined;
}

/** What a number field holds, as a whole number of at least 0. */
export function countIn(input: HTMLInputElement): number {
  return Math.max(0, Math.trunc(Number(input.value)) || 0);
}
