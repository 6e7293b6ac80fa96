import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** The rooms of the house and what each may import: see docs/architecture.md. A room not named here may import nothing of ours. */
/** @type {Record<string, string[]>} */
const mayImport = {
  terminal: [],
  lab: [],
  course: ["lab"],
  labs: ["lab", "terminal"],
  "cloud-init": [],
  openstack: ["terminal"],
  components: ["lab", "cloud-init"],
  stacks: ["components", "lab", "labs", "course", "cloud-init", "openstack", "terminal"],
  engine: ["terminal", "toolchain"],
  cli: ["lab", "labs", "course", "stacks", "engine", "openstack", "terminal"],
  "local-cloud": ["terminal"],
  toolchain: ["terminal"],
  "cloud-proxy": ["openstack", "terminal"],
  quickstart: ["course", "terminal", "engine", "openstack", "local-cloud"],
  bench: ["terminal", "toolchain", "openstack", "local-cloud", "cloud-proxy"],
};

/** The same of the folders in cli/ among themselves; `main.ts` may import all of them. */
/** @type {Record<string, string[]>} */
const mayImportInCli = {
  "command-line": [],
  "lab-document": ["command-line"],
  "course-access": ["command-line"],
  instances: ["command-line", "course-access"],
  "open-class": ["command-line", "course-access"],
  recovery: ["command-line", "open-class"],
  "class-work": ["command-line", "course-access", "instances", "open-class", "recovery"],
  commands: ["command-line", "lab-document", "course-access", "instances", "open-class", "recovery", "class-work"],
};

/**
 * What a room may not import of its neighbours.
 *
 * @param {Record<string, string[]>} neighbours
 * @param {string} room
 */
function refusedNeighbours(neighbours, room) {
  const allowed = [room, ...(neighbours[room] ?? [])];
  return {
    group: Object.keys(neighbours)
      .filter((other) => !allowed.includes(other))
      .map((other) => `**/${other}/**`),
    message: `${room}/ may import only ${allowed.map((name) => `${name}/`).join(", ")}.`,
  };
}

/**
 * @param {string} folder
 * @param {{ group: string[]; message: string }[]} refused
 */
const importRule = (folder, refused) => ({
  files: [`${folder}/**`],
  rules: {
    "no-restricted-imports": /** @type {["error", object]} */ ([
      "error",
      { patterns: refused.filter(({ group }) => group.length > 0) },
    ]),
  },
});

export default defineConfig(
  globalIgnores(["node_modules"]),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // A number in a message is what it looks like.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A component or a resource that nobody refers to is still registered.
      "no-new": "off",
      // Destructuring is how a key is left out of the rest.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
    },
  },
  ...Object.keys(mayImport).map((room) =>
    importRule(room, [
      refusedNeighbours(mayImport, room),
      ...(room === "lab" || room === "course"
        ? [{ group: ["@pulumi/*", "node:fs*"], message: `${room}/ is pure: no Pulumi, no files.` }]
        : []),
    ]),
  ),
  // The rule of the inner folder stands in place of the outer one's.
  ...Object.keys(mayImportInCli).map((room) =>
    importRule(`cli/${room}`, [refusedNeighbours(mayImport, "cli"), refusedNeighbours(mayImportInCli, room)]),
  ),
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", URL: "readonly" } },
  },
);
