#!/bin/sh
# Runs the plan in the cluster; its Markdown goes to stdout. Ends as the plan does: 0, or 1 when there is none or it is refused.
set -eu
here=$(dirname "$0")
job=$(kubectl create -f "$here/plan-job.yaml" -o name)
# Whichever comes first: a wait for one condition never ends when the job ends the other way.
until kubectl wait --for=condition=Complete --timeout=5s "$job" >&2; do
  if kubectl wait --for=condition=Failed --timeout=1s "$job" >&2; then
    kubectl logs "$job"
    exit 1
  fi
done
kubectl logs "$job"
