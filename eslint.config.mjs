import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** The rooms of the house and what each may import: see docs/architecture.md. A room not named here may import nothing of ours. */
const mayImport = {
  terminal: [],
  lab: [],
  openstack: ["terminal"],
  components: ["lab"],
  stacks: ["components", "lab", "openstack"],
  "local-cloud": ["terminal"],
  toolchain: ["terminal"],
  quickstart: ["terminal"],
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
    },
  },
  ...rooms.map((room) => ({
    files: [`${room}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: rooms
                .filter((other) => other !== room && !mayImport[room].includes(other))
                .map((other) => `**/${other}/**`),
              message: `${room}/ may import only ${[room, ...mayImport[room]].map((name) => `${name}/`).join(", ")}.`,
            },
            ...(room === "lab"
              ? [{ group: ["@pulumi/*", "node:fs*"], message: "lab/ is pure: no Pulumi, no files." }]
              : []),
          ],
        },
      ],
    },
  })),
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: "readonly", URL: "readonly" } },
  },
);
