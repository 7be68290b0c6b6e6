"""Restarts a running process whose URL does not answer 200: httpok.py -p NAME -m ADDRESS -s SENDMAIL URL.

Takes the options and makes the calls of superlance's listener of this name, and is none of its text.
"""
import getopt
import os
import sys
import urllib.error
import urllib.request

from supervisor import childutils
from supervisor.options import make_namespec
from supervisor.states import ProcessStates

given, (url,) = getopt.getopt(sys.argv[1:], "p:m:s:")
options = dict(given)
rpc = childutils.getRPCInterface(os.environ)


def status():
    try:
        return urllib.request.urlopen(url, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


while True:
    childutils.listener.wait()
    if status() != 200:
        for info in rpc.supervisor.getAllProcessInfo():
            if info["name"] == options["-p"] and info["state"] == ProcessStates.RUNNING:
                full = make_namespec(info["group"], info["name"])
                rpc.supervisor.stopProcess(full)
                rpc.supervisor.startProcess(full)
        with os.popen(options["-s"], "w") as sendmail:
            sendmail.write("To: %s\nSubject: httpok for %s: bad status returned\n\n" % (options["-m"], url))
    childutils.listener.ok()
