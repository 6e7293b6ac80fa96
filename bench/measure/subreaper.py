#!/usr/bin/python3
"""subreaper.py TIMEOUT CGROUP COMMAND...: runs the command and writes, as JSON to file descriptor 3, how it ended and what it cost.

Node can neither adopt the children of a process that died nor ask the kernel what waited-for processes used, so this is not TypeScript.
TIMEOUT is in seconds; then all that was started is ended. CGROUP is a folder of cgroup v2 to put the command into, or "".
"""
import ctypes
import json
import os
import resource
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
# What outlives the command, such as a plugin that is about to end, gets so long; its CPU counts, its time does not.
GRACE_SECONDS = 5
ANSWER = 3
WAKE = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}


def descendants():
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                    parents.setdefault(int(stat.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
            except OSError:
                pass  # gone in the meantime
    found = [os.getpid()]
    for pid in found:
        found += parents.get(pid, [])
    return found[1:]


def send(number):
    for pid in descendants():
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def start(command, cgroup):
    child = os.fork()
    if child != 0:
        return child
    try:
        os.setsid()
        if cgroup:
            with open(os.path.join(cgroup, "cgroup.procs"), "w", encoding="ascii") as procs:
                procs.write("0")
        os.close(ANSWER)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WAKE)
        os.execvp(command[0], command)
    except OSError as error:
        print(f"{command[0]}: {error}", file=sys.stderr, flush=True)
    os._exit(127)


def main():
    timeout, cgroup, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((PR_SET_CHILD_SUBREAPER, 1), (PR_SET_PDEATHSIG, signal.SIGTERM)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    signal.pthread_sigmask(signal.SIG_BLOCK, WAKE)
    began = time.monotonic()
    child = start(command, cgroup)
    status, wall, timed_out, asked, left = None, None, False, 0, 0
    until = began + timeout
    while True:
        try:
            pid, ended = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == child:
            status, wall = ended, time.monotonic() - began
            until = time.monotonic() + GRACE_SECONDS
        if pid != 0:
            continue
        got = signal.sigtimedwait(WAKE, max(until - time.monotonic(), 0))
        if got is not None and got.si_signo == signal.SIGCHLD:
            continue
        if got is not None:
            timeout = 0
        # Time is up, or whoever waits for the answer is gone: first a word, then by force.
        if status is None:
            timed_out = True
        elif asked == 0:
            left = len(descendants())
        send(signal.SIGTERM if asked == 0 else signal.SIGKILL)
        asked += 1
        until = time.monotonic() + (GRACE_SECONDS if asked == 1 else 0.2)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = {
        "wallSeconds": wall,
        "userSeconds": used.ru_utime,
        "systemSeconds": used.ru_stime,
        "largestProcessKiB": used.ru_maxrss,
        "exitCode": os.waitstatus_to_exitcode(status),
        "timedOut": timed_out,
        "leftRunning": left,
    }
    with os.fdopen(ANSWER, "w", encoding="ascii") as out:
        json.dump(answer, out)


main()
