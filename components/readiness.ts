import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { READY_FILE, STEP_MARKER } from "../cloud-init/bootSteps.ts";

/** How to find out that an instance answers, from the machine that runs Pulumi. */
export interface ReadinessArgs {
  /** Whole seconds to wait before giving up. @default 600 – a first boot with packages takes minutes under emulation */
  timeoutSeconds?: number;
  /**
   * Command put before `curl` and `ssh-keyscan` where floating IPs cannot be reached directly, e.g. `"ip netns exec classroom"`.
   * @default "" – they can
   */
  reachCommand?: string;
  /**
   * Command that prints an instance's console log; the instance's id is added. With it a failed boot step is named at once instead
   * of after the timeout. @default "" – no console log
   */
  consoleLogCommand?: string;
}

/** What is waited for, and by which sign it is known to be ready. */
export interface InstanceToWaitFor {
  instanceId: pulumi.Input<string>;
  instanceName: string;
  address: pulumi.Input<string>;
  /** Whether a web page is expected; otherwise the SSH server. */
  web: boolean;
  /** The page, where it is not the ready file at port 80, e.g. `:8080/ready`. Its text is the instance's name. @default `/ready.txt` */
  page?: string;
  /** Wait only until a connection to this TCP port is taken, instead of a page or the SSH server. @default none */
  tcpPort?: number;
}

/** Seconds that one look may take, and between two looks. */
const LOOK_SECONDS = 5;
const PAUSE_SECONDS = 2;
/** The console log costs an API call with a new token: looked at once in so many looks. */
const LOOKS_PER_CONSOLE = 5;

/**
 * Waits until the web page (or the SSH server) answers, whenever the instance or its address is another one than before.
 * Fails with the name of the boot step that failed, taken from the console log.
 */
export function waitUntilReady(
  name: string,
  { instanceId, instanceName, address, web, page, tcpPort }: InstanceToWaitFor,
  { timeoutSeconds = 600, reachCommand = "", consoleLogCommand = "" }: ReadinessArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  const timeout = `${timeoutSeconds + 60}s`;
  return new command.local.Command(
    name,
    {
      // Through standard input: an error shows the command, and should not show the whole script.
      create: "exec sh -s",
      stdin: WAIT_SCRIPT,
      environment: {
        INSTANCE_ID: instanceId,
        INSTANCE_NAME: instanceName,
        ADDRESS: address,
        CHECK: tcpPort === undefined ? (web ? "page" : "ssh") : "port",
        TIMEOUT_SECONDS: String(timeoutSeconds),
        REACH: reachCommand,
        CONSOLE_LOG: consoleLogCommand,
        ...(page === undefined ? {} : { PAGE: page }),
        ...(tcpPort === undefined ? {} : { TCP_PORT: String(tcpPort) }),
      },
      logging: command.local.Logging.Stderr,
    },
    { ...opts, customTimeouts: { create: timeout, update: timeout } },
  );
}

/** POSIX shell, so that the stack's state does not depend on where this project lies on a machine. */
const WAIT_SCRIPT = `
answers() {
  if [ "$CHECK" = page ]; then
    [ "$($REACH curl --silent --fail --noproxy '*' --max-time ${LOOK_SECONDS} "http://$ADDRESS\${PAGE:-/${READY_FILE}}")" = "$INSTANCE_NAME" ]
  elif [ "$CHECK" = port ]; then
    # The service may say nothing until it is asked: curl then ends by its time limit, but has connected.
    [ "$($REACH curl --silent --noproxy '*' --max-time ${LOOK_SECONDS} --write-out '%{num_connects}' --output /dev/null "telnet://$ADDRESS:$TCP_PORT")" = 1 ]
  else
    $REACH ssh-keyscan -T ${LOOK_SECONDS} "$ADDRESS" 2>/dev/null | grep -q .
  fi
}
failed_step() {
  [ -n "$CONSOLE_LOG" ] || return 1
  $CONSOLE_LOG "$INSTANCE_ID" 2>/dev/null | tr -d '\\r' | grep -m 1 -B 3 '${STEP_MARKER} [a-z0-9-]* failed with exit code'
}
main() {
  began=$(date +%s)
  looks=0
  until answers; do
    looks=$((looks + 1))
    if [ $((looks % ${LOOKS_PER_CONSOLE})) -eq 0 ] && step=$(failed_step); then
      printf '%s: a step of the first boot failed, says the console log:\\n%s\\n' "$INSTANCE_NAME" "$step" >&2
      exit 1
    fi
    if [ $(($(date +%s) - began)) -ge "$TIMEOUT_SECONDS" ]; then
      step=$(failed_step) || step="no boot step failed; a security group, a missing route or a slow boot may be the cause"
      printf '%s does not answer at %s after %s s:\\n%s\\n' "$INSTANCE_NAME" "$ADDRESS" "$TIMEOUT_SECONDS" "$step" >&2
      exit 1
    fi
    sleep ${PAUSE_SECONDS}
  done
  echo "$INSTANCE_NAME answers at $ADDRESS after $(($(date +%s) - began)) s"
}
main </dev/null
`;
