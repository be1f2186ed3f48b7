# Completion of lbctl for bash. Load it in ~/.bashrc: source <(lbctl completion bash)
_lbctl() {
  local IFS=$'\n' word line current='' joining='' kind=''
  local -a words=()
  # bash parts words at = and :, which belong to them here
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word =~ ^[=:]+$ && ${#words[@]} -gt 0 ]]; then
      words[${#words[@]} - 1]+=$word
      joining=yes
    elif [[ $joining ]]; then
      words[${#words[@]} - 1]+=$word
      joining=''
    else
      words+=("$word")
    fi
  done
  [[ ${#words[@]} -gt 0 ]] && current=${words[${#words[@]} - 1]}
  [[ $current == --*=* ]] && current=${current#*=}
  # what is typed already, up to the last colon, is not replaced
  local typed=''
  [[ $current == *:* && $COMP_WORDBREAKS == *:* ]] && typed=${current%"${current##*:}"}
  COMPREPLY=()
  while read -r line; do
    case $line in
      :*) kind=${line#:} ;;
      *)
        line=${line%%$'\t'*}
        COMPREPLY+=("${line#"$typed"}")
        ;;
    esac
  done < <(command lbctl __complete "${words[@]}" 2>/dev/null)
  case $kind in
    files) compopt -o default 2>/dev/null ;;
    folders) compopt -o dirnames 2>/dev/null ;;
  esac
}
# bash 3 cannot choose when it is asked, so it completes files everywhere
if type compopt >/dev/null 2>&1; then
  complete -F _lbctl lbctl
else
  complete -o default -F _lbctl lbctl
fi
