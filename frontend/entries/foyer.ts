// What components do beyond HTML, for every face. Every page works without this file.
import "../modules/dialogs";
import "../modules/menus";
import "../modules/toasts";
import "../modules/steppers";
import "../modules/once";
