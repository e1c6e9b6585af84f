// The sum of what is chosen, in the panel, in the bar at the bottom and on the sheet over it.
import { all, countIn, the } from "../page";
import { words } from "../words";

const language = document.documentElement.lang || "en";

interface Chosen {
  name: string;
  count: number;
  total: number;
  fee: number;
  tax: number;
}

function read(field: HTMLInputElement): Chosen {
  const { name = "", total, fee, tax } = field.dataset;
  return { name, count: countIn(field), total: Number(total), fee: Number(fee), tax: Number(tax) };
}

/** Writes amounts of the smallest unit as the form's currency is written. */
function moneyOf(form: HTMLFormElement): (amount: number) => string {
  const digits = Number(form.dataset.digits);
  const money = new Intl.NumberFormat(language, {
    style: "currency",
    currency: form.dataset.currency ?? "",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return (amount) => money.format(amount / 10 ** digits);
}

/** A place whose attribute holds words says these, whatever is chosen. */
function put(name: string, text: string): void {
  for (const place of all(`[data-${name}]:not(input)`)) {
    const said = place.dataset[name] || text;
    if (place.textContent !== said) place.textContent = said;
  }
}

function show(name: string, isShown: boolean): void {
  for (const place of all(`[data-${name}]`)) place.hidden = !isShown;
}

/** Writes what is chosen; returns what is to be said aloud of it. */
function draw(fields: HTMLInputElement[], say: (amount: number) => string): string {
  const chosen = fields.map(read).filter((one) => one.count > 0);
  const sum = (name: "total" | "fee" | "tax") => chosen.reduce((all, one) => all + one.count * one[name], 0);
  const count = chosen.reduce((all, one) => all + one.count, 0);
  const [fees, taxes] = [sum("fee"), sum("tax")];
  const within = fees && taxes ? "feesAndTaxes" : fees ? "fees" : "taxes";
  const [counted, total] = [
    words("tickets", { n: count }, count),
    sum("total") === 0 ? words("free") : say(sum("total")),
  ];
  put("count", counted);
  put("lines", chosen.map((one) => `${one.count} \u2068${one.name}\u2069`).join(", "));
  put("total", total);
  put("within", words(within, { fees: say(fees), taxes: say(taxes) }));
  put("reserve", count === 0 ? words("reserveNone") : words("reserve", { num: count }, count));
  show("within", fees + taxes > 0);
  show("chosen", count > 0);
  show("idle", count === 0);
  return count === 0 ? counted : `${counted}, ${total}`;
}

/** A row of the sheet, whose buttons press those of the panel. */
function row(sheet: HTMLElement, field: HTMLInputElement, say: (amount: number) => string): Node {
  const made = the<HTMLTemplateElement>("template", sheet).content.cloneNode(true) as DocumentFragment;
  const { name, count, total } = read(field);
  const part = (what: string, text: string) => {
    the(`[data-${what}]`, made).textContent = text;
  };
  part("name", name);
  part("each", `${count} × ${total === 0 ? words("free") : say(total)}`);
  part("sum", total === 0 ? words("free") : say(total * count));
  part("number", String(count));
  for (const way of ["less", "more"]) {
    const button = the<HTMLButtonElement>(`[data-${way}]`, made);
    const own = the<HTMLButtonElement>(`[data-${way}]`, field.parentElement ?? document);
    button.dataset.of = field.id + way;
    the(".unseen", button).textContent = the(".unseen", own).textContent;
    button.setAttribute("aria-disabled", own.getAttribute("aria-disabled") ?? "false");
    button.addEventListener("click", () => own.click());
  }
  return made;
}

function list(sheet: HTMLDialogElement, fields: HTMLInputElement[], say: (amount: number) => string): void {
  if (!sheet.open) return;
  const chosen = fields.filter((one) => countIn(one) > 0);
  if (chosen.length === 0) {
    sheet.close();
    return;
  }
  const held = document.activeElement instanceof HTMLElement && document.activeElement.dataset.of;
  the("[data-rows]", sheet).replaceChildren(...chosen.map((field) => row(sheet, field, say)));
  const again = all("button[data-of]", sheet).find((one) => one.dataset.of === held);
  (again ?? the("[data-close]", sheet)).focus();
}

for (const form of all<HTMLFormElement>("form[data-sum]")) {
  const fields = all<HTMLInputElement>("input[data-total]", form);
  const say = moneyOf(form);
  const sheet = document.querySelector<HTMLDialogElement>("[data-choice]");
  form.addEventListener("input", () => {
    put("told", draw(fields, say));
    if (sheet) list(sheet, fields, say);
  });
  addEventListener("pageshow", () => void draw(fields, say));
  sheet?.addEventListener("opened", () => list(sheet, fields, say));
}
