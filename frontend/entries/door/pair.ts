// The code of a link stands behind its #, where no server sees it: it goes into the form and out of the address.
import { the } from "../../modules/page";

const field = the<HTMLInputElement>("input[name=code]");

function take(): void {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  field.value = code;
  the("[data-ready]").hidden = false;
  the("button").focus();
}

addEventListener("hashchange", take);
take();
