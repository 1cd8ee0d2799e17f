#compdef serverless-ca
# Completion of serverless-ca for zsh. Made by: serverless-ca completion zsh

_serverless_ca() {
  local program=${(Q)words[1]} reply word paths before
  local -a offers open
  program=${program/#\~/$HOME}
  while IFS= read -r reply; do
    word=${reply%%$'\t'*}
    case $reply in
      (:*) paths=$word before=${reply#*$'\t'} ;;
      (*[:/]$'\t'*) open+=("${word//:/\\:}:${reply#*$'\t'}") ;;
      (*) offers+=("${word//:/\\:}:${reply#*$'\t'}") ;;
    esac
  done < <("$program" '[suggest]' "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)

  case $paths in
    (:files) compset -P "${(b)before}"; _files ;;
    (:folders) compset -P "${(b)before}"; _files -/ ;;
    (*) _describe 'serverless-ca' offers -- open -S '' ;;
  esac
}

if [[ $funcstack[1] == _serverless-ca ]]; then
  _serverless_ca "$@"
else
  compdef _serverless_ca serverless-ca
fi
