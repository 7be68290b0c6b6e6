#!/bin/sh
# Colours, other scripts and wide characters: what a log pane has to survive.
trap 'exit 0' TERM
n=0
while :; do
  n=$((n + 1))
  printf '\033[32mINFO\033[0m  request %d \033[2min 12 ms\033[0m ✓\n' "$n"
  printf '\033[33mWARN\033[0m  \033[1m缓存未命中\033[0m key=“prix-café-%d”\n' "$n"
  [ $((n % 5)) -eq 0 ] && printf '\033[31mERROR\033[0m Ошибка соединения — retry 🚀\n' >&2
  sleep 1 & wait $!
done
