"""An event listener that notes when each EXITED event reached it."""
import sys
import time

fi, fo = sys.stdin.buffer, sys.stdout.buffer
while True:
    fo.write(b'READY\n')
    fo.flush()
    header = dict(token.split(':', 1) for token in fi.readline().decode().split())
    fi.read(int(header['len']))
    with open(sys.argv[1], 'a') as f:
        f.write('%d\n' % time.time_ns())
    fo.write(b'RESULT 2\nOK')
    fo.flush()
