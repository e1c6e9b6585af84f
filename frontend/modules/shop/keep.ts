// What was typed at checkout stays for the event: in this tab over a reload, a way back and a cart that ended before the order,
// and between tabs that are open at the same time. Nothing of it outlives the tabs.
import { all, field } from "../page";

const CONTACT = ["firstName", "lastName", "email"];
const TOLD = [...CONTACT, "remind"];
const ASK = "what was typed?";

type Field = HTMLInputElement | HTMLSelectElement;
type Kept = Record<string, string | boolean>;

function fieldsOf(form: HTMLFormElement): Field[] {
  const found = all<Field>("input, select", form);
  return found.filter((one) => one.name && one.type !== "hidden" && one.name !== "discountCode");
}

/** Under what a field is kept. What is typed for a ticket goes by its type and number, which stay when others come or go. */
function nameOf(one: Field): string {
  const place = one.closest<HTMLElement>("[data-place]")?.dataset.place;
  return place ? one.name.replace(/^attendees-\d+/, place) : one.name;
}

function isTick(one: Field): one is HTMLInputElement {
  return one instanceof HTMLInputElement && one.type === "checkbox";
}

function read(key: string): Kept | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "") as Kept;
  } catch {
    return undefined;
  }
}

function write(key: string, kept: Kept): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still sells.
  }
}

function typedIn(form: HTMLFormElement): Kept {
  return Object.fromEntries(
    fieldsOf(form).map((one) => [nameOf(one), isTick(one) ? one.checked : one.value]),
  );
}

function putBack(form: HTMLFormElement, kept: Kept): void {
  for (const one of fieldsOf(form)) {
    const value = kept[nameOf(one)];
    if (isTick(one)) one.checked = value === true || (value === undefined && one.checked);
    else if (typeof value !== "string") continue;
    else if (one instanceof HTMLInputElement) one.value = value || one.value;
    else if ([...one.options].some((option) => option.value === value)) one.value = value;
  }
  form.dispatchEvent(new Event("input"));
}

function tell(form: HTMLFormElement): void {
  if (!field(form, "email")?.value.includes("@")) return;
  const body = new URLSearchParams();
  for (const one of fieldsOf(form).filter((told) => TOLD.includes(told.name)))
    if (!isTick(one) || one.checked) body.set(one.name, one.value);
  void fetch(form.dataset.contact ?? "", { method: "POST", body, keepalive: true }).catch(() => undefined);
}

/** Another tab that is opened on the same event learns what was typed in this one, if it knows nothing of its own. */
function share(key: string, form: HTMLFormElement, isNew: boolean): void {
  const tabs = new BroadcastChannel(key);
  let isOpen = isNew;
  tabs.addEventListener("message", ({ data }: MessageEvent<string | Kept>) => {
    const kept = read(key);
    if (data === ASK && kept) tabs.postMessage(kept);
    if (typeof data === "string" || !isOpen || kept) return;
    isOpen = false;
    putBack(form, data);
    write(key, data);
  });
  if (isNew) tabs.postMessage(ASK);
}

for (const form of all<HTMLFormElement>("form[data-keep]")) {
  const key = `checkout-${form.dataset.keep}`;
  const kept = read(key);
  const isFresh = "fresh" in form.dataset;
  if (isFresh && kept) putBack(form, kept);
  share(key, form, isFresh && !kept);
  form.addEventListener("input", () => write(key, typedIn(form)));
  form.addEventListener("change", (event) => {
    write(key, typedIn(form));
    if (event.target instanceof HTMLInputElement && TOLD.includes(event.target.name)) tell(form);
  });
}

// Who comes back to a cart that was left, perhaps in another browser, finds who they are in the next one.
for (const form of all<HTMLFormElement>("form[data-brings]")) {
  const key = `checkout-${form.dataset.brings}`;
  const contact = CONTACT.map((name) => [name, field(form, name)?.value ?? ""]);
  if (!read(key)) write(key, Object.fromEntries(contact));
}
