#!/bin/sh
# Applies the plan with this id in the cluster, or nothing: sh apply.sh ID
set -eu
here=$(dirname "$0")
job=$(kubectl set env --local -f "$here/apply-job.yaml" "PLAN_ID=$1" -o yaml | kubectl create -f - -o name)
until kubectl wait --for=condition=Complete --timeout=5s "$job" >&2; do
  if kubectl wait --for=condition=Failed --timeout=1s "$job" >&2; then
    kubectl logs "$job"
    exit 1
  fi
done
kubectl logs "$job"
