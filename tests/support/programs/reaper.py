"""Runs a command and waits for whatever it leaves behind, as a good PID 1 does: at once."""
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
libc = ctypes.CDLL(None)
libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
pid = os.fork()
if pid == 0:
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.execvp(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: os.kill(pid, signal.SIGTERM))
ended = None
while True:
    try:
        ended = os.wait()[0]
    except ChildProcessError:
        break
    if ended == pid:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
