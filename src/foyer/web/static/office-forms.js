// What forms of the office gain from a script: nothing typed is left behind unnoticed, rows can be dragged, the end of a thing asks once more.

const NAMES_SHOWN = 3;

for (const form of document.querySelectorAll("form[data-guard]")) {
  const bar = form.querySelector("[data-unsaved]");
  const foot = form.querySelector(".form-foot");
  if (!bar) continue;
  const fields = [...form.elements].filter((one) => one.name && !["hidden", "submit", "button"].includes(one.type));
  const state = (field) => (["checkbox", "radio"].includes(field.type) ? String(field.checked) : field.value);
  // A page that came back from a refusal holds typed values: what is stored counts as the beginning there too.
  let begun = new Map(fields.map((field) => [field, state(field)]));
  const cameBack = form.querySelector('[aria-invalid="true"]') !== null;
  let sent = false;

  const words = (field) => {
    const label = form.querySelector(`label[for="${CSS.escape(field.id)}"]`) ?? field.closest("fieldset")?.querySelector("legend");
    return (label?.firstChild?.textContent ?? field.name).trim().toLowerCase();
  };
  const changed = () => [...new Set(fields.filter((field) => begun.get(field) !== state(field)).map(words))];
  const draw = () => {
    const names = changed();
    bar.hidden = names.length === 0;
    if (foot) foot.classList.toggle("is-away", names.length > 0);
    bar.querySelector("[data-unsaved-count]").textContent = names.length === 1 ? "1 change not saved" : `${names.length} changes not saved`;
    const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
    const list = names.slice(0, NAMES_SHOWN).join(", ") + more;
    bar.querySelector("[data-unsaved-names]").textContent = list.charAt(0).toUpperCase() + list.slice(1);
  };
  form.addEventListener("input", draw);
  form.addEventListener("change", draw);
  form.addEventListener("reset", () => setTimeout(draw));
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => {
    if (!sent && (cameBack || changed().length > 0)) event.preventDefault();
  });
  addEventListener("pageshow", () => { sent = false; draw(); });
}

for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.ask)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, { capture: true });
}

// Rows that are dragged by their grip; the buttons for up and down stay for the keyboard.
for (const table of document.querySelectorAll("[data-sortable]")) {
  const body = table.tBodies[0];
  const order = () => [...body.rows].map((row) => row.dataset.id);
  for (const row of body.rows) {
    const grip = row.querySelector("[data-grip]");
    grip.hidden = false;
    grip.addEventListener("pointerdown", (down) => {
      if (down.button !== 0) return;
      const before = order();
      down.preventDefault();
      row.classList.add("is-dragged");
      const move = (event) => {
        const over = [...body.rows].find((one) => {
          const box = one.getBoundingClientRect();
          return one !== row && event.clientY > box.top && event.clientY < box.bottom;
        });
        if (!over) return;
        const box = over.getBoundingClientRect();
        if (event.clientY < box.top + box.height / 2) over.before(row);
        else over.after(row);
      };
      const done = async () => {
        document.removeEventListener("pointermove", move);
        document.removeEventListener("pointerup", done);
        document.removeEventListener("pointercancel", done);
        row.classList.remove("is-dragged");
        if (order().join() === before.join()) return;
        const answer = await fetch(table.dataset.sortable, {
          method: "POST",
          body: new URLSearchParams(order().map((id) => ["type", id])),
        }).catch(() => null);
        // Where it was not taken, the page says what stands.
        location.assign(`${location.pathname}${answer?.ok ? "?done=moved" : ""}`);
      };
      // On the document: a row that changes its place lets go of a pointer it has captured.
      document.addEventListener("pointermove", move);
      document.addEventListener("pointerup", done);
      document.addEventListener("pointercancel", done);
    });
  }
}

// Colours: a well beside each field, and the page in the colours of the moment.
for (const form of document.querySelectorAll("form[data-colors]")) {
  const fields = ["primaryColor", "secondaryColor"].map((name) => form.elements[name]);
  const sheet = document.querySelector('link[rel="stylesheet"][href^="/theme/"]');
  const isColor = (text) => /^#[0-9a-f]{6}$/i.test(text);
  form.querySelector("[data-try]").hidden = true;
  form.querySelector("[data-live]").hidden = false;
  let waiting;
  const show = () => {
    if (!fields.every((field) => isColor(field.value.trim()))) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      sheet.href = `/theme/${fields.map((field) => field.value.trim().slice(1).toLowerCase()).join("-")}.css`;
    }, 80);
    for (const one of document.querySelectorAll("[data-ratio]")) one.hidden = true;
  };
  sheet.addEventListener("load", () => {
    const now = getComputedStyle(document.documentElement);
    for (const one of document.querySelectorAll("[data-tone]")) one.textContent = now.getPropertyValue(`--${one.dataset.tone}`).trim();
  });
  for (const field of fields) {
    const well = Object.assign(document.createElement("input"), { type: "color", value: isColor(field.value) ? field.value : "#000000" });
    well.setAttribute("aria-label", `${form.querySelector(`label[for="${field.id}"]`).textContent.trim()}, chosen by eye`);
    field.after(well);
    well.addEventListener("input", () => {
      field.value = well.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", () => {
      if (isColor(field.value.trim())) well.value = field.value.trim();
      show();
    });
  }
}
