/**
 * The scripts ask the program itself, with the connection options typed so far: they name no verb and no
 * process of their own. The line so far is ended by a dot, because blanks at its end count.
 * zsh's may stand in a folder of `fpath` or be sourced.
 */
const BASH = `# bash completion for fleetvisorctl
_fleetvisorctl() {
  local line words=() options=() i=1
  local current="\${COMP_LINE:0:COMP_POINT}"
  current="\${current##*[[:space:]]}"
  while [ "$i" -lt "$COMP_CWORD" ]; do
    case "\${COMP_WORDS[i]}" in
      -c|-s|-u|-p|-r) options+=("\${COMP_WORDS[i]}" "\${COMP_WORDS[i+1]}"); i=$((i + 2)) ;;
      -*) i=$((i + 1)) ;;
      *) break ;;
    esac
  done
  line="\${COMP_LINE:0:COMP_POINT}"
  if [ "$i" -lt "$COMP_CWORD" ]; then
    line="\${line#*[[:space:]]\${COMP_WORDS[i]}}"
    line="\${COMP_WORDS[i]}$line"
  else
    line="$current"
  fi
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" "\${options[@]}" completion words "$line." 2>/dev/null))
  if [[ "$current" == *:* ]]; then
    local done="\${current%"\${current##*:}"}"
    COMPREPLY=("\${COMPREPLY[@]#"$done"}")
  fi
}
complete -F _fleetvisorctl fleetvisorctl
`;

const ZSH = `#compdef fleetvisorctl
_fleetvisorctl() {
  local -a options found
  local i=2
  while (( i < CURRENT )); do
    case "\${words[i]}" in
      -c|-s|-u|-p|-r) options+=("\${words[i]}" "\${words[i+1]}"); (( i += 2 )) ;;
      -*) (( i += 1 )) ;;
      *) break ;;
    esac
  done
  found=("\${(@f)$("\${words[1]}" "\${options[@]}" completion words "\${(j: :)words[i,CURRENT]}." 2>/dev/null)}")
  compadd -Q -a found
}
if [ "\${funcstack[1]}" = _fleetvisorctl ]; then
  _fleetvisorctl "$@"
else
  compdef _fleetvisorctl fleetvisorctl
fi
`;

const FISH = `# fish completion for fleetvisorctl
function __fleetvisorctl_words
  set -l words (commandline -opc)
  set -l program $words[1]
  set -e words[1]
  set -l options
  while set -q words[1]
    switch $words[1]
      case -c -s -u -p -r
        set options $options $words[1..2]
        set -e words[1..2]
      case '-*'
        set -e words[1]
      case '*'
        break
    end
  end
  $program $options completion words (string join ' ' $words (commandline -ct))"." 2>/dev/null
end
complete -c fleetvisorctl -f -a '(__fleetvisorctl_words)'
`;

export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;

export function isShellName(text: string): text is keyof typeof COMPLETION_SCRIPTS {
  return Object.hasOwn(COMPLETION_SCRIPTS, text);
}
