#!/bin/sh
# Never gets as far as running: ends up FATAL.
echo 'outbox: starting' 
echo 'outbox: could not connect to server: Connection refused (db-01:5432)' >&2
exit 1
