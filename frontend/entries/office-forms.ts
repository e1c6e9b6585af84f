// What forms of the office gain from a script: nothing typed is left behind unnoticed, rows can be dragged, the end of a thing asks once more.
import "../modules/office/guard";
import "../modules/office/ask";
import "../modules/office/sorting";
import "../modules/office/colors";
