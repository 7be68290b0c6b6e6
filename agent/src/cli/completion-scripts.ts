/**
 * The scripts ask the program itself, with the connection options typed so far: they name no verb and no
 * process of their own. The line so far is ended by a dot, because blanks at its end count.
 * zsh's may stand in a folder of `fpath` or be sourced.
 */
const BASH = `# bash completion for fleetvisorctl
_fleetvisorctl() {
  local typed="\${COMP_LINE:0:COMP_POINT}" words=() options=() found=() i=1 last word
  read -a words <<< "$typed" # takes the backslashes off
  [[ "$typed" == *[!\\\\][[:space:]] ]] && words+=("")
  last=$((\${#words[@]} - 1))
  while [ "$i" -lt "$last" ]; do
    case "\${words[i]}" in
      -c|-s|-u|-p|-r) options+=("\${words[i]}" "\${words[i+1]}"); i=$((i + 2)) ;;
      -*) i=$((i + 1)) ;;
      *) break ;;
    esac
  done
  local IFS=' '
  mapfile -t found < <("\${words[0]}" "\${options[@]}" completion words "\${words[*]:i}." 2>/dev/null)
  # bash parts words at colons too, and wants what follows the last one
  local done="\${words[last]%"\${words[last]##*[:=]}"}"
  COMPREPLY=()
  for word in "\${found[@]}"; do
    printf -v word %q "\${word#"$done"}"
    COMPREPLY+=("$word")
  done
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
  found=("\${(@f)$("\${words[1]}" "\${options[@]}" completion words "\${(j: :)\${(Q@)words[i,CURRENT]}}." 2>/dev/null)}")
  compadd -a found
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
  set -l current (commandline -ct)
  set current (string unescape -- $current; or string join '' $current)
  $program $options completion words (string join ' ' -- $words $current)"." 2>/dev/null
end
complete -c fleetvisorctl -f -a '(__fleetvisorctl_words)'
`;

export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;

export function isShellName(text: string): text is keyof typeof COMPLETION_SCRIPTS {
  return Object.hasOwn(COMPLETION_SCRIPTS, text);
}
