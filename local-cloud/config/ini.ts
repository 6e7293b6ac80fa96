type Value = string | number | boolean;
/** Sections by name, each with its settings; undefined leaves a setting out. */
export type Ini = Record<string, Record<string, Value | undefined>>;

/** An INI file as oslo.config, supervisor, uwsgi and MariaDB read it. */
export function ini(sections: Ini): string {
  return Object.entries(sections)
    .map(([section, settings]) => `[${section}]\n${Object.entries(settings).map(line).join("")}`)
    .join("\n");
}

function line([key, value]: [string, Value | undefined]): string {
  if (value === undefined) return "";
  const shown = String(value);
  if (/[\n\r]/.test(key + shown)) throw new Error(`setting ${JSON.stringify(key)} holds a line break`);
  return shown === "" ? `${key} =\n` : `${key} = ${shown}\n`;
}
