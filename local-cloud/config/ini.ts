type Value = string | number | boolean;
/** Sections by name, each with its settings; undefined leaves a setting out, a list repeats it. */
export type Ini = Record<string, Record<string, Value | readonly Value[] | undefined>>;

/** An INI file as oslo.config, supervisor, uwsgi and MariaDB read it. */
export function ini(sections: Ini): string {
  return Object.entries(sections)
    .map(([section, settings]) => `[${section}]\n${Object.entries(settings).map(line).join("")}`)
    .join("\n");
}

/** Section by section; of a setting in several the last counts, but lists are joined. */
export function mergeIni(...parts: readonly Ini[]): Ini {
  const merged: Ini = {};
  for (const [section, settings] of parts.flatMap((part) => Object.entries(part))) {
    const target = (merged[section] ??= {});
    for (const [key, value] of Object.entries(settings)) {
      const before = target[key];
      target[key] = typeof before === "object" && typeof value === "object" ? [...before, ...value] : value;
    }
  }
  return merged;
}

function line([key, value]: [string, Ini[string][string]]): string {
  if (value === undefined) return "";
  if (typeof value === "object") return value.map((each) => line([key, each])).join("");
  const shown = String(value);
  if (/[\n\r]/.test(key + shown)) throw new Error(`setting ${JSON.stringify(key)} holds a line break`);
  return shown === "" ? `${key} =\n` : `${key} = ${shown}\n`;
}
