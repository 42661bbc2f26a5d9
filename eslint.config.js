import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const nodeOnly = "This package also runs in browsers. Take the value as an argument, or import the module lazily where it is needed.";

export default defineConfig(
  globalIgnores(["**/dist/", "docs/api/", "**/.turbo/"]),
  {
    // A finding is fixed, never silenced in a comment.
    linterOptions: { noInlineConfig: true },
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [eslint.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // An async function without await is how a contract's promise also carries what is thrown.
      "@typescript-eslint/require-await": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "TSAsExpression > TSAsExpression > TSUnknownKeyword",
          message: "A cast through unknown hides a wrong type. Narrow the value, or fix the type.",
        },
      ],
    },
  },
  {
    files: ["packages/*/src/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: { "no-console": "error" },
  },
  {
    files: ["packages/{registry,tensor,autograd,nn,metrics}/src/**/*.ts"],
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": ["error", ...["process", "Buffer", "require", "__dirname"].map((name) => ({ name, message: nodeOnly }))],
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: [{ group: ["node:*"], message: nodeOnly, allowTypeImports: true }] },
      ],
    },
  },
  { files: ["**/*.js"], extends: [eslint.configs.recommended] },
);
