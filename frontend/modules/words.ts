// What a script says stands in its page, in the visitor's language.

type Sentence = string | [string, string];

const sentences: Record<string, Sentence> = JSON.parse(document.body.dataset.words ?? "{}");

/** A sentence of the page with its values put in; of a pair the one that goes with `count`. */
export function words(name: string, values: Record<string, string | number> = {}, count = 1): string {
  const found = sentences[name] ?? "";
  const sentence = typeof found === "string" ? found : found[count === 1 ? 0 : 1];
  return sentence.replace(/%\((\w+)\)s/g, (_, value: string) => String(values[value] ?? ""));
}
