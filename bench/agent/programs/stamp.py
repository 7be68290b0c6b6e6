"""Writes the time it was started to a file, then sleeps."""
import sys
import time

with open(sys.argv[1], 'w') as f:
    f.write(str(time.time_ns()))
time.sleep(10000)
