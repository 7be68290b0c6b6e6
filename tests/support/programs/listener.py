"""An event listener that follows the protocol by bytes: listener.py OUT [MODE].

Appends one JSON object {"header", "payload"} per event to OUT and answers by MODE:
ok; fail-first (rejects the first event); die-first (exits with the first event in hand);
hold (answers once OUT.go is there); wait (says READY once OUT.go is there);
bad (a result line that is no number); noise (speaks while READY); wrong (READY misspelt).
OUT.up is made before the first word.
"""
import json
import os
import sys
import time

out, mode = sys.argv[1], (sys.argv[2:] or ["ok"])[0]
seen_before = os.path.exists(out)


def say(text):
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.02)


open(out + ".up", "w").close()
if mode == "wait":
    wait_for(out + ".go")
say(b"READX\n" if mode == "wrong" else b"READY\n")
if mode == "noise":
    wait_for(out + ".go")
    say(b"hello?\n")

first = not seen_before
while True:
    header = sys.stdin.buffer.readline()
    if not header:
        break
    fields = dict(token.split(":", 1) for token in header.decode().split())
    payload = sys.stdin.buffer.read(int(fields["len"]))
    with open(out, "a") as log:
        log.write(json.dumps({"header": header.decode(), "payload": payload.decode()}) + "\n")
    if mode == "die-first" and first:
        sys.exit(3)
    if mode == "hold":
        wait_for(out + ".go")
    if mode == "bad":
        say(b"RESULT nonsense\n")
    elif mode == "fail-first" and first:
        say(b"RESULT 4\nFAIL")
    else:
        say(b"RESULT 2\nOK")
    first = False
    say(b"READY\n")
