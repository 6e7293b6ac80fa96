import type { CloudConfigPart } from "./cloudConfigPart.ts";

/** Written to the console before the outcome of a step; readiness looks for it in the console log. */
export const STEP_MARKER = "classroom-step";

/** File name, beside the page, whose text is the instance's name once the first boot has finished without a failure. */
export const READY_FILE = "ready.txt";

/** Where a failed step is remembered, so that the ready step cannot hide it. */
const FAILED = "/run/classroom-step-failed";

const STEP_SCRIPT = `#!/bin/sh
# Runs one named step of the first boot and says on the console how it went.
name=$1
shift
say() { echo "${STEP_MARKER} $*" | tee /dev/console; }
say "$name started"
"$@"
code=$?
if [ $code -eq 0 ]; then say "$name done"; else say "$name failed with exit code $code"; echo "$name" >>${FAILED}; fi
exit $code
`;

/** What the steps need on the instance. */
export function bootStepFiles(): CloudConfigPart["write_files"] {
  return [{ path: "/usr/local/bin/classroom-step", permissions: "0755", content: STEP_SCRIPT }];
}

/** The last step: offers the ready file, unless an earlier step failed. */
export function readyStep(documentRoot: string, instanceName: string): CloudConfigPart["steps"][number] {
  return {
    name: "ready",
    command: [
      "sh",
      "-c",
      `test ! -e ${FAILED} && echo "$1" >"$2"`,
      "ready",
      instanceName,
      `${documentRoot}/${READY_FILE}`,
    ],
  };
}
