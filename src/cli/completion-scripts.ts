/** Each script hands the words typed so far to `fleetvisor completion words` and offers what comes back. */
const BASH = `# bash completion for fleetvisor
_fleetvisor() {
  local line="\${COMP_LINE:0:COMP_POINT}" words current
  read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  current="\${words[-1]}"
  local IFS=$'\\n'
  COMPREPLY=($("\${words[0]}" completion words -- "\${words[@]:1}" 2>/dev/null))
  if [[ "$current" == *:* && "$COMP_WORDBREAKS" == *:* ]]; then
    local done="\${current%"\${current##*:}"}"
    COMPREPLY=("\${COMPREPLY[@]#"$done"}")
  fi
}
complete -F _fleetvisor fleetvisor
`;

const ZSH = `#compdef fleetvisor
_fleetvisor() {
  local -a found
  found=("\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a found
}
if [[ "\${funcstack[1]}" = _fleetvisor ]]; then _fleetvisor "$@"; else compdef _fleetvisor fleetvisor; fi
`;

const FISH = `# fish completion for fleetvisor
function __fleetvisor_words
  set -l words (commandline -opc) (commandline -ct)
  $words[1] completion words -- $words[2..-1] 2>/dev/null
end
complete -c fleetvisor -f -a '(__fleetvisor_words)'
`;

export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;

export function isShellName(text: string): text is keyof typeof COMPLETION_SCRIPTS {
  return Object.hasOwn(COMPLETION_SCRIPTS, text);
}
