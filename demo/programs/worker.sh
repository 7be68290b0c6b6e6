#!/bin/sh
# Takes a job every few seconds and says so.
trap 'echo "worker: asked to stop after $n jobs"; exit 0' TERM
n=0
while :; do
  n=$((n + 1))
  echo "$(date +%T) job $n: resized image-$((n % 97)).png"
  [ $((n % 10)) -eq 0 ] && echo "$(date +%T) queue is 40 jobs behind" >&2
  sleep 3 & wait $!
done
