// Makes the pages of a shop quicker to use. Every one of them works without this file: forms post, numbers are typed.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const language = document.documentElement.lang || "en";
const countWords = (count) => (count === 1 ? "1 ticket" : `${count} tickets`);

// The sum of what is chosen, in the panel and in the bar at the bottom.
for (const form of all("form[data-sum]")) {
  const fields = all("input[data-total]", form);
  const digits = Number(form.dataset.digits);
  const money = new Intl.NumberFormat(language, {
    style: "currency", currency: form.dataset.currency, currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  const say = (amount) => money.format(amount / 10 ** digits);
  const put = (name, text) => all(`[data-${name}]:not(input)`).forEach((place) => {
    if (place.textContent !== text) place.textContent = text;
  });
  const draw = () => {
    const chosen = fields.map((one) => ({ ...one.dataset, count: Math.max(0, Math.trunc(Number(one.value)) || 0) }))
      .filter((one) => one.count > 0);
    const sum = (name) => chosen.reduce((total, one) => total + one.count * Number(one[name]), 0);
    const count = chosen.reduce((total, one) => total + one.count, 0);
    put("count", countWords(count));
    put("lines", chosen.map((one) => `${one.count} \u2068${one.name}\u2069`).join(", "));
    put("total", sum("total") === 0 ? "Free" : say(sum("total")));
    const within = [["fees", sum("fee")], ["taxes", sum("tax")]].filter(([, amount]) => amount > 0);
    put("within", `of which ${within.map(([name, amount]) => `${name} ${say(amount)}`).join(", ")}`);
    put("reserve", count === 0 ? "Reserve tickets" : `Reserve ${countWords(count)}`);
    all("[data-within]").forEach((place) => { place.hidden = within.length === 0; });
    all("[data-chosen]").forEach((place) => { place.hidden = count === 0; });
    all("[data-idle]").forEach((place) => { place.hidden = count > 0; });
  };
  form.addEventListener("input", draw);
  addEventListener("pageshow", draw);

  // The sheet over the bar: a row for each kind that is chosen, whose buttons press those of the panel.
  const sheet = document.querySelector("[data-choice]");
  const list = () => {
    if (!sheet?.open) return;
    const chosen = fields.filter((one) => Number(one.value) > 0);
    if (chosen.length === 0) { sheet.close(); return; }
    const held = document.activeElement?.dataset?.of;
    sheet.querySelector("[data-rows]").replaceChildren(...chosen.map((field) => {
      const row = sheet.querySelector("template").content.cloneNode(true);
      const { name, total } = field.dataset;
      const part = (what, text) => { row.querySelector(`[data-${what}]`).textContent = text; };
      part("name", name);
      part("each", `${field.value} × ${Number(total) === 0 ? "Free" : say(Number(total))}`);
      part("sum", Number(total) === 0 ? "Free" : say(Number(total) * Number(field.value)));
      part("number", field.value);
      for (const way of ["less", "more"]) {
        const [button, own] = [row.querySelector(`[data-${way}]`), field.parentElement.querySelector(`[data-${way}]`)];
        button.dataset.of = field.id + way;
        button.querySelector(".unseen").textContent = own.querySelector(".unseen").textContent;
        button.setAttribute("aria-disabled", own.getAttribute("aria-disabled") ?? "false");
        button.addEventListener("click", () => own.click());
      }
      return row;
    }));
    const again = all("button[data-of]", sheet).find((one) => one.dataset.of === held);
    (again ?? sheet.querySelector("[data-close]")).focus();
  };
  form.addEventListener("input", list);
  sheet?.addEventListener("opened", list);
}

// Enter in a field that has a button of its own presses that one, not the form's.
for (const button of all("button[data-enter]")) {
  button.form.elements[button.dataset.enter].addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    button.click();
  });
}

// The countdown runs on the server's clock: what counts is the difference to the moment the page was made.
for (const box of all("[data-countdown]")) {
  const left = Date.parse(box.dataset.until) - Date.parse(box.dataset.now);
  const whole = Math.max(1, Date.parse(box.dataset.until) - Date.parse(box.dataset.from));
  const end = performance.now() + left;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const [clock, ring, announce] = ["clock", "ring", "announce"].map((name) => box.querySelector(`[data-${name}]`));
  const until = box.querySelector("time[data-until]");
  until.textContent = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    .format(new Date(until.dateTime));
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const shown = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
    if (clock.textContent !== shown) clock.textContent = shown;
    const shared = calm.matches ? Math.ceil(seconds / 60) * 60 : seconds;
    ring.setAttribute("stroke-dashoffset", String(100 - Math.min(100, (shared * 100_000) / whole)));
    if (seconds < 120 && seconds > 0 && !box.classList.contains("is-late")) {
      box.classList.add("is-late");
      announce.textContent = "Less than two minutes are left. After that your places go back on sale.";
    }
    if (seconds > 0) return;
    clearInterval(timer);
    announce.textContent = "";
    box.hidden = true;
    all("[data-expired]").forEach((notice) => { notice.hidden = false; });
  };
  const timer = setInterval(tick, 1000);
  clock.hidden = false;
  box.classList.add("is-live");
  tick();
}

// Copy the contact into one ticket; typing in it afterwards makes it its own again.
for (const button of all("[data-copy]")) {
  const words = button.textContent;
  const names = ["firstName", "lastName", "email"];
  const form = button.closest("form");
  button.addEventListener("click", () => {
    for (const name of names) form.elements[button.dataset.copy + name].value = form.elements[name].value;
    button.textContent = button.dataset.done;
    button.dataset.isDone = "yes";
  });
  button.closest("fieldset").addEventListener("input", () => {
    button.textContent = words;
    delete button.dataset.isDone;
  });
  button.hidden = false;
}

// The visitor's own clocks, where they differ from those of the event, under the name that is used there: BST, EDT.
const zoneIn = (tongue) => new Intl.DateTimeFormat(tongue, { timeZoneName: "short" }).formatToParts()
  .find((part) => part.type === "timeZoneName").value;
const english = ["en-GB", "en-US", "en-AU"].find((tongue) => /^[A-Z]+$/.test(zoneIn(tongue))) ?? "en-GB";
for (const place of all("[data-here]")) {
  const { zone, start, end } = place.dataset;
  const written = (at, parts, timeZone) => new Intl.DateTimeFormat(english, { ...parts, hourCycle: "h23", timeZone })
    .format(new Date(at)).replaceAll(",", "");
  const day = { weekday: "short" };
  const clock = { hour: "2-digit", minute: "2-digit" };
  const named = { ...clock, timeZoneName: "short" };
  if (written(start, { ...day, ...clock }, zone) === written(start, { ...day, ...clock })) continue;
  const isOneDay = end && written(start, day) === written(end, day);
  const from = written(start, { ...day, ...(end ? clock : named) });
  const to = end ? ` to ${written(end, isOneDay ? named : { ...day, ...named })}` : "";
  place.textContent = `. For you: ${from}${to}`;
  place.hidden = false;
}
