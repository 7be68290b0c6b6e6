#!/bin/sh
# Works for a while, then crashes with its reason on stderr.
life=$(( $$ % 40 + 25 ))
echo "billing: connected, next settlement in $life s"
sleep "$life"
echo 'Traceback: settle() line 214' >&2
echo "billing: ledger checksum mismatch after $life s" >&2
exit 3
