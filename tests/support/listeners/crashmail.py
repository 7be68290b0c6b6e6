"""Sends mail when any process exits unexpectedly: crashmail.py -a -m ADDRESS -s SENDMAIL.

Takes the options and makes the calls of superlance's listener of this name, and is none of its text.
"""
import getopt
import os
import sys

from supervisor import childutils

options = dict(getopt.getopt(sys.argv[1:], "am:s:")[0])
while True:
    headers, payload = childutils.listener.wait()
    if headers["eventname"] == "PROCESS_STATE_EXITED":
        exited, data = childutils.eventdata(payload + "\n")
        if not int(exited["expected"]):
            with os.popen(options["-s"], "w") as sendmail:
                sendmail.write(
                    "To: %s\nSubject:  %s crashed at %s\n\nProcess %s in group %s exited unexpectedly"
                    " (pid %s) from state %s"
                    % (
                        options["-m"],
                        exited["processname"],
                        childutils.get_asctime(),
                        exited["processname"],
                        exited["groupname"],
                        exited["pid"],
                        exited["from_state"],
                    )
                )
    childutils.listener.ok()
