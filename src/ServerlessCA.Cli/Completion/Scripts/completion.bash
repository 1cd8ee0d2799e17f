# Completion of serverless-ca for bash. Made by: serverless-ca completion bash

_serverless_ca() {
  local program=${1/#\~/$HOME} line=${COMP_LINE:0:COMP_POINT} words=() piece at

  # Bash breaks words at = and : too; what stands together belongs together.
  for ((at = 0; at <= COMP_CWORD; at++)); do
    piece=${COMP_WORDS[at]}
    if [[ $at == 0 || $line == [[:space:]]* ]]; then
      line=${line#"${line%%[![:space:]]*}"}
      words+=("")
    fi
    if ((at == COMP_CWORD)); then piece=$line; fi
    words[${#words[@]} - 1]+=$piece
    line=${line#"$piece"}
  done

  local current=${words[${#words[@]} - 1]} reply paths="" before="" offers=()
  while IFS= read -r reply; do
    case $reply in
      :*) paths=${reply%%$'\t'*} before=${reply#*$'\t'} ;;
      *) offers+=("${reply%%$'\t'*}") ;;
    esac
  done < <("$program" '[suggest]' "${words[@]:1}" 2>/dev/null)

  COMPREPLY=()
  case $paths in
    :files) compopt -o default 2>/dev/null || _serverless_ca_paths -f "${current#"$before"}" ;;
    :folders) compopt -o dirnames 2>/dev/null || _serverless_ca_paths -d "${current#"$before"}" ;;
  esac

  # What stands before the last break is not bash's to replace.
  local breaks=${COMP_WORDBREAKS//[!=:]/} kept=""
  if [[ -n $breaks && $current == *[$breaks]* ]]; then kept=${current%"${current##*[$breaks]}"}; fi
  if ((${#offers[@]})); then COMPREPLY=("${offers[@]#"$kept"}"); fi
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[:/] ]]; then compopt -o nospace 2>/dev/null; fi
}

# For a bash without compopt (before 4), and outside of a completion.
_serverless_ca_paths() {
  local path
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")
}

complete -F _serverless_ca serverless-ca
