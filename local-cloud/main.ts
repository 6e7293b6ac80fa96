import { runMain } from "../terminal/runMain.ts";
import { asksForApiOnly, cloudVariable } from "./apiOnlyFlag.ts";

await runMain(async () => {
  if (asksForApiOnly(process.argv.slice(2))) process.env[cloudVariable] = "api-only";
  // Only now, because the paths and ports in them are those of one cloud.
  const { commands } = await import("./commands.ts");
  await commands().parseAsync();
});
