// Good news leaves by itself, later while somebody points at it; what went wrong stays.
import { all } from "./page";

const STAYS_MS = 6000;
const POINTED_AT_MS = 1000;

for (const toast of all("[data-toast]:not([data-toast='bad'])")) {
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, POINTED_AT_MS);
    else toast.remove();
  };
  setTimeout(leave, STAYS_MS);
}
