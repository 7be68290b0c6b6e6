#!/usr/bin/env python3
"""Tells a Fleetvisor hub at once when a process of this supervisord changes.

One file for Python 3.6 and newer, without dependencies. On the hub:

    fleetvisor hub host-token HOST > host-token

On the host, as root:

    curl -fsSL https://hub.example.net/install/fleetvisor-listener.py -o /usr/local/lib/fleetvisor-listener.py
    install -m 600 host-token /etc/fleetvisor-host-token

and this into the supervisord.conf:

    [eventlistener:fleetvisor]
    command=/usr/bin/python3 /usr/local/lib/fleetvisor-listener.py
    events=PROCESS_STATE,TICK_60
    environment=FLEETVISOR_HUB="https://hub.example.net",FLEETVISOR_TOKEN_FILE="/etc/fleetvisor-host-token"

then run "supervisorctl update". FLEETVISOR_CA names a certificate (PEM) to trust, where the system does not.

supervisord never waits for the hub: every event is answered at once and sent by another thread, out of a
queue that forgets the oldest. What could not be sent is on stderr, at most one line a minute.
"""

import collections
import json
import os
import random
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request

MOST_WAITING = 1000
MOST_AT_ONCE = 500
TIMEOUT_S = 5
FIRST_RETRY_S = 0.5
SLOWEST_RETRY_S = 30
AFTER_REFUSAL_S = 30
COMPLAIN_EVERY_S = 60


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token is for the hub that was named, for nobody it points to."""

    def redirect_request(self, *_):
        return None


class Hub:
    """Posts events; raises OSError (urllib's errors are) when that did not work."""

    def __init__(self, url, token_file, ca):
        self.url = url.rstrip("/") + "/api/v1/push"
        self.token_file = token_file
        context = ssl.create_default_context(cafile=ca) if ca else ssl.create_default_context()
        self.opener = urllib.request.build_opener(
            NoRedirects(), urllib.request.HTTPSHandler(context=context)
        )

    def post(self, events, dropped):
        with open(self.token_file) as file:  # read anew each time: a new token counts at once
            token = file.read().strip()
        request = urllib.request.Request(
            self.url,
            data=json.dumps({"events": events, "dropped": dropped}).encode("utf-8"),
            headers={"Content-Type": "application/json", "Authorization": "Bearer " + token},
        )
        with self.opener.open(request, timeout=TIMEOUT_S) as answer:
            answer.read(4096)


class Sender(threading.Thread):
    """The only one that ever waits for the hub."""

    def __init__(self, hub):
        super().__init__(daemon=True)
        self.hub = hub
        self.waiting = collections.deque()
        self.dropped = 0
        self.more = threading.Condition()
        self.complained_at = None

    def add(self, event):
        with self.more:
            if len(self.waiting) >= MOST_WAITING:
                self.waiting.popleft()
                self.dropped += 1
            self.waiting.append(event)
            self.more.notify()

    def run(self):
        retry_s = FIRST_RETRY_S
        self.add({"name": "LISTENER_STARTED", "serial": 0})
        while True:
            events, dropped = self.take()
            try:
                self.hub.post(events, dropped)
                retry_s = FIRST_RETRY_S
            except Exception as error:  # whatever it is, the thread has to go on
                self.give_back(events, dropped)
                refused = isinstance(error, urllib.error.HTTPError) and error.code in (401, 403, 429)
                self.complain(error)
                time.sleep((AFTER_REFUSAL_S if refused else retry_s) * random.uniform(0.5, 1.0))
                retry_s = min(SLOWEST_RETRY_S, retry_s * 2)

    def take(self):
        with self.more:
            while not self.waiting:
                self.more.wait()
            count = min(MOST_AT_ONCE, len(self.waiting))
            events = [self.waiting.popleft() for _ in range(count)]
            dropped, self.dropped = self.dropped, 0
            return events, dropped

    def give_back(self, events, dropped):
        with self.more:
            room = max(0, MOST_WAITING - len(self.waiting))
            kept = events[len(events) - room :] if room else []
            self.waiting.extendleft(reversed(kept))
            self.dropped += dropped + len(events) - len(kept)

    def complain(self, error):
        now = time.monotonic()
        if self.complained_at is not None and now - self.complained_at < COMPLAIN_EVERY_S:
            return
        self.complained_at = now
        text = str(error)
        if isinstance(error, urllib.error.HTTPError) and error.code == 401:
            text = "the hub does not know this token: make a new one with fleetvisor hub host-token"
        sys.stderr.write("fleetvisor: not told to the hub: %s\n" % text)
        sys.stderr.flush()


def words(line):
    """``a:b c:d`` as a dictionary."""
    return dict(word.split(":", 1) for word in line.split() if ":" in word)


def listen(sender, source, sink):
    """supervisord's side: READY, an event, RESULT, again; ends with it."""
    while True:
        sink.write(b"READY\n")
        sink.flush()
        line = source.readline()
        if not line:
            return
        header = words(line.decode("utf-8", "replace"))
        source.read(int(header.get("len", "0")))
        sink.write(b"RESULT 2\nOK")
        sink.flush()
        serial = header.get("serial", "0")
        sender.add(
            {"name": header.get("eventname", "")[:100], "serial": int(serial) if serial.isdigit() else 0}
        )


def main():
    hub = os.environ.get("FLEETVISOR_HUB", "")
    token_file = os.environ.get("FLEETVISOR_TOKEN_FILE", "")
    if "SUPERVISOR_SERVER_URL" not in os.environ or not hub or not token_file:
        sys.stderr.write(__doc__)
        return 2
    sender = Sender(Hub(hub, token_file, os.environ.get("FLEETVISOR_CA")))
    sender.start()
    listen(sender, sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
