import { execa } from "execa";
import { join } from "node:path";
import { expect, it } from "vitest";
import { etc } from "../../local-cloud/paths.ts";

const bin = join(import.meta.dirname, "../../local-cloud/bin");

/** Eight threads at once, in the very process that uwsgi would serve Keystone from. @returns the last line printed */
async function inKeystone(scenario: string): Promise<string | undefined> {
  const script = `
import faulthandler, logging, runpy, sys, threading
sys.dont_write_bytecode = True
sys.setswitchinterval(1e-5)
runpy.run_path(sys.argv.pop())
faulthandler.dump_traceback_later(60, exit=True)
together = threading.Barrier(8)
${scenario}
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(outcome())
`;
  const { stdout } = await execa("/usr/bin/python3", ["-c", script, join(bin, "threaded-wsgi")], {
    env: {
      WSGI_SCRIPT: join(bin, "keystone-wsgi"),
      OS_KEYSTONE_CONFIG_DIR: join(etc, "keystone"),
      OS_KEYSTONE_CONFIG_FILES: "keystone.conf",
    },
  });
  return stdout.split("\n").at(-1);
}

it("answers an administrator's first requests, however many come at once", async () => {
  const answers = await inKeystone(`
from keystone.common.rbac_enforcer.enforcer import RBACEnforcer
answers = set()
def work(number):
    together.wait()
    try:
        RBACEnforcer()._enforce({"roles": ["admin"]}, "identity:create_user", {})
        answers.add("allowed")
    except Exception as error:
        answers.add(repr(error))
outcome = lambda: sorted(answers)
`);
  expect(answers).toBe("['allowed']");
});

it("never hangs where many requests tell the log something at once", async () => {
  const told = await inKeystone(`
told = []
def work(number):
    together.wait()
    for turn in range(300): logging.getLogger(f"test.{number}.{turn}").warning("told")
    told.append(number)
outcome = lambda: len(told)
`);
  expect(told).toBe("8");
});
