"""Restarts processes that are too big, over supervisor's childutils: memmon.py -p NAME=SIZE -m ADDRESS -s SENDMAIL.

Takes the options and makes the calls of superlance's listener of this name, and is none of its text.
"""
import getopt
import os
import subprocess
import sys

from supervisor import childutils
from supervisor.datatypes import byte_size

options = dict(getopt.getopt(sys.argv[1:], "p:m:s:")[0])
name, size = options["-p"].split("=")
rpc = childutils.getRPCInterface(os.environ)


def resident(pid):
    shown = subprocess.run(["ps", "-orss=", "-p", str(pid)], capture_output=True, text=True).stdout
    return int(shown or 0) * 1024


def mail(subject):
    with os.popen(options["-s"], "w") as sendmail:
        sendmail.write("To: %s\nSubject: %s\n\n" % (options["-m"], subject))


while True:
    headers, payload = childutils.listener.wait()
    for info in rpc.supervisor.getAllProcessInfo():
        if info["name"] == name and info["pid"] and resident(info["pid"]) > byte_size(size):
            full = "%s:%s" % (info["group"], info["name"])
            rpc.supervisor.stopProcess(full)
            rpc.supervisor.startProcess(full)
            mail("memmon: process %s restarted" % full)
    childutils.listener.ok()
