import { execa } from "execa";
import { join } from "node:path";
import { expect, it } from "vitest";
import { etc } from "../../local-cloud/paths.ts";

/** Eight first requests at once, in the very process that uwsgi would serve them from. */
const SCENARIO = `
import runpy, sys, threading
sys.dont_write_bytecode = True
sys.setswitchinterval(1e-5)
runpy.run_path(sys.argv.pop())
from keystone.common.rbac_enforcer.enforcer import RBACEnforcer
together = threading.Barrier(8)
answers = []
def ask():
    together.wait()
    try:
        RBACEnforcer()._enforce({"roles": ["admin"]}, "identity:create_user", {})
        answers.append("allowed")
    except Exception as error:
        answers.append(repr(error))
askers = [threading.Thread(target=ask) for _ in range(8)]
for asker in askers: asker.start()
for asker in askers: asker.join()
print(sorted(set(answers)))
`;

it("answers an administrator's first requests, however many come at once", async () => {
  const script = join(import.meta.dirname, "../../local-cloud/bin/keystone-wsgi");
  const { stdout } = await execa("/usr/bin/python3", ["-c", SCENARIO, script], {
    env: { OS_KEYSTONE_CONFIG_DIR: join(etc, "keystone"), OS_KEYSTONE_CONFIG_FILES: "keystone.conf" },
  });
  expect(stdout.split("\n").at(-1)).toBe("['allowed']");
});
