// What was typed at checkout stays in this tab for the event: over a reload, a way back, and a cart that ended before the order.
import { all, field } from "../page";

const CONTACT = ["firstName", "lastName", "email"];

type Kept = Record<string, string | boolean>;

function fieldsOf(form: HTMLFormElement): (HTMLInputElement | HTMLSelectElement)[] {
  const found = all<HTMLInputElement | HTMLSelectElement>("input, select", form);
  return found.filter((one) => one.name && one.type !== "hidden" && one.name !== "discountCode");
}

function isTick(one: HTMLInputElement | HTMLSelectElement): one is HTMLInputElement {
  return one instanceof HTMLInputElement && one.type === "checkbox";
}

function read(key: string): Kept {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

function write(key: string, form: HTMLFormElement): void {
  const kept = fieldsOf(form).map((one) => [one.name, isTick(one) ? one.checked : one.value]);
  try {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // A browser that keeps nothing still sells.
  }
}

function putBack(form: HTMLFormElement, kept: Kept): void {
  for (const one of fieldsOf(form)) {
    const value = kept[one.name];
    if (isTick(one)) one.checked = value === true || (value === undefined && one.checked);
    else if (typeof value === "string" && (value || one instanceof HTMLSelectElement)) one.value = value;
  }
  form.dispatchEvent(new Event("input"));
}

function tell(form: HTMLFormElement): void {
  const contact = CONTACT.map((name): [string, string] => [name, field(form, name)?.value ?? ""]);
  if (!field(form, "email")?.value.includes("@")) return;
  void fetch(form.dataset.contact ?? "", {
    method: "POST",
    body: new URLSearchParams(contact),
    keepalive: true,
  }).catch(() => undefined);
}

for (const form of all<HTMLFormElement>("form[data-keep]")) {
  const key = `checkout-${form.dataset.keep}`;
  if ("fresh" in form.dataset) putBack(form, read(key));
  form.addEventListener("input", () => write(key, form));
  form.addEventListener("change", (event) => {
    write(key, form);
    if (event.target instanceof HTMLInputElement && CONTACT.includes(event.target.name)) tell(form);
  });
}
