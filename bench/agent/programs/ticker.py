"""Every 700 ms writes a line that says when it was written."""
import sys
import time

while True:
    time.sleep(0.7)
    sys.stdout.write('%d\n' % time.time_ns())
    sys.stdout.flush()
