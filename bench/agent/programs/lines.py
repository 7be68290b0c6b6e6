"""Writes N lines of 100 bytes, one write(2) each."""
import os
import sys

line = b'x' * 99 + b'\n'
for _ in range(int(sys.argv[1])):
    os.write(1, line)
