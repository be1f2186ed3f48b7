#compdef lbctl
# Completion of lbctl for zsh. Save it as _lbctl in a folder of $fpath, or load it: source <(lbctl completion zsh)
_lbctl() {
  local line kind=
  local -a described
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      kind=${line#:}
    elif [[ $line == *$'\t'* ]]; then
      described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    else
      described+=("${line//:/\\:}")
    fi
  done < <(command lbctl __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  # only the value of an option is completed
  [[ $PREFIX == --*=* ]] && compset -P '*='
  (( $#described )) && _describe lbctl described
  case $kind in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ ${funcstack[1]} == _lbctl ]]; then
  _lbctl "$@"
else
  compdef _lbctl lbctl
fi
