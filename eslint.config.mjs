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
  quickstart: ["terminal", "engine", "openstack", "local-cloud"],
  bench: ["terminal", "toolchain", "openstack", "local-cloud", "cloud-proxy"],
};
const rooms = Object.keys(mayImport);

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
  ...Object.entries(mayImport).map(([room, others]) => ({
    files: [`${room}/**`],
    rules: {
      "no-restricted-imports": /** @type {["error", object]} */ ([
        "error",
        {
          patterns: [
            {
              group: rooms
                .filter((other) => other !== room && !others.includes(other))
                .map((other) => `**/${other}/**`),
              message: `${room}/ may import only ${[room, ...others].map((name) => `${name}/`).join(", ")}.`,
            },
            ...(room === "lab" || room === "course"
              ? [{ group: ["@pulumi/*", "node:fs*"], message: `${room}/ is pure: no Pulumi, no files.` }]
              : []),
          ],
        },
      ]),
    },
  })),
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", URL: "readonly" } },
  },
);
