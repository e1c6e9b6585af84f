// A page that answers a form stands at the form's address, which a way back would send again: it takes the one it is opened at.
import { all } from "../page";

for (const one of all("[data-at]")) history.replaceState(history.state, "", one.dataset.at + location.hash);
