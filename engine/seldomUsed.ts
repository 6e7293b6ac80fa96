import { registerHooks } from "node:module";

/**
 * Pulumi's SDK loads these to turn functions into text, for resources that are programs; ours are none. A third of what a thread takes to begin,
 * 0.15 s of CPU, goes into them (measured), so they are loaded by whoever first takes something out of them.
 */
const SELDOM_USED = /\/node_modules\/(typescript\/lib\/typescript|@npmcli\/arborist\/lib\/index)\.js$/;

/** In place of such a module. Once it was put there, the next to ask for the module gets the real one: that is itself. */
const LOADED_WHEN_USED = `
  let real;
  const load = () => {
    delete require.cache[__filename];
    return require(__filename);
  };
  const get = (_, key) => {
    if (key === "__esModule") return true;
    real ??= load();
    return key === "default" ? real : real[key];
  };
  module.exports = new Proxy({}, { get });
`;

const replaced = new Set<string>();

registerHooks({
  load(url, context, next) {
    if (!SELDOM_USED.test(url) || replaced.has(url)) return next(url, context);
    replaced.add(url);
    return { format: "commonjs", shortCircuit: true, source: LOADED_WHEN_USED };
  },
});
