# bash completion for orch-sync: source <(orch-sync completion bash)
# Needs no other package. What is typed is never evaluated, and what is suggested is never expanded.
_orch_sync() {
  local line=${COMP_LINE:0:COMP_POINT} current flag='' begun strip='' output directive value about
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:blank:]] ]] && words+=('')
  while ((${#words[@]} > 1)) && [[ ${words[0]} != orch-sync && ${words[0]} != */orch-sync ]]; do
    words=("${words[@]:1}")
  done
  words=("${words[@]:1}")
  ((${#words[@]} > 0)) || words=('')
  current=${words[${#words[@]}-1]}
  current=${current#[\"\']}
  words[${#words[@]}-1]=$current

  # Readline puts what is chosen behind the last = or : of the word, if it breaks words there.
  [[ $current == --*=* ]] && flag=${current%%=*}=
  [[ $COMP_WORDBREAKS == *=* && $current == *=* ]] && strip=${current%"${current##*=}"}
  begun=${current#"$strip"}
  [[ $COMP_WORDBREAKS == *:* && $begun == *:* ]] && strip+=${begun%"${begun##*:}"}

  COMPREPLY=()
  output=$(orch-sync complete -- "${words[@]}" 2>/dev/null) || return
  directive=${output##*:}
  while IFS=$'\t' read -r value about; do
    [[ -n $value && $value != :* ]] || continue
    value=$flag$value
    COMPREPLY+=("${value#"$strip"}")
  done <<<"$output"
  ((directive & 2)) && compopt -o nospace 2>/dev/null
  ((directive & 4)) && compopt +o default 2>/dev/null
  return 0
}
complete -o default -F _orch_sync orch-sync
