// Whoever asks to wait for one of several tickets finds it chosen in the form of the waiting list.
import { all } from "../page";

for (const link of all("[data-wait-for]"))
  link.addEventListener("click", () => {
    const choice = document.querySelector<HTMLSelectElement>("select[name=waiting-type]");
    if (choice) choice.value = link.dataset.waitFor ?? choice.value;
  });
