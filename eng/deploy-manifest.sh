#!/usr/bin/env bash
# Prints deploy/tidekeeper.yaml, the chart without helm, for `kubectl create -f`: eng/deploy-manifest.sh >deploy/tidekeeper.yaml
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cat <<'HEAD'
# Made from charts/tidekeeper by eng/deploy-manifest.sh; a test compares.
# Tidekeeper in the namespace tidekeeper-system, for TidbClusters in all namespaces: kubectl create -f tidekeeper.yaml
# Never `kubectl delete -f` it: with the CustomResourceDefinition would go every TidbCluster. docs/install.md says how to uninstall.
---
apiVersion: v1
kind: Namespace
metadata:
  name: tidekeeper-system
HEAD
# What helm knows an object by would only tell whoever reads it that helm has made it.
helm template tidekeeper "$root/charts/tidekeeper" --namespace tidekeeper-system --kube-version 1.30.0 --api-versions policy/v1 |
  sed -e '/^ *helm\.sh\/chart:/d' -e '/^ *app\.kubernetes\.io\/managed-by: Helm$/d' -e '/^# Source:/d' \
    -e '/^  annotations:$/{N;/helm\.sh\/resource-policy: keep/d}'
