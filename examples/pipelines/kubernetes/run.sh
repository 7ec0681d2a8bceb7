# Runs a Job with the project's files as this checkout has them: job FILE [NAME=VALUE]. plan.sh and apply.sh read this, in
# the folder of orch-sync.yaml. The log is in "$log" then. NAMESPACE is orch-sync when left out.
namespace=${NAMESPACE:-orch-sync}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

job() {
  # A ConfigMap of its own: the files of a pull request never become those of an apply, or of the check for drift.
  project=orch-sync-project-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
  kubectl create configmap --namespace "$namespace" "$project" \
    --from-file=orch-sync.yaml --from-file=manifests/items.yaml >&2 || return 1
  code=0
  name=$(started "$@") || code=1
  if [ "$code" = 0 ]; then
    ended "$name" || code=1
    kubectl logs --namespace "$namespace" "$name" >"$log" || code=1
  fi
  kubectl delete configmap --namespace "$namespace" "$project" >&2 || true
  return "$code"
}

started() {
  with=$(sed "s/name: orch-sync-project }/name: $project }/" "$1") || return 1
  if [ $# = 2 ]; then with=$(printf '%s\n' "$with" | kubectl set env --local -f - "$2" -o yaml) || return 1; fi
  printf '%s\n' "$with" | kubectl create --namespace "$namespace" -f - -o name
}

# A wait for one condition would never end when the Job ends the other way. Asking may fail now and then, not for ever.
ended() {
  failures=0
  while [ "$failures" -lt 12 ]; do
    conditions=$(kubectl get --namespace "$namespace" -o 'jsonpath={.status.conditions[?(@.status=="True")].type}' "$1") ||
      failures=$((failures + 1))
    case " $conditions " in
      *" Complete "*) return 0 ;;
      *" Failed "*) return 1 ;;
    esac
    sleep "${POLL:-5}"
  done
  echo "how $1 ends is not known: look at it before anything is applied again" >&2
  return 1
}
