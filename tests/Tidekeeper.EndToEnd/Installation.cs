namespace Tidekeeper.EndToEnd;

/// <summary>How the operator comes into a real control plane.</summary>
internal static class Installation
{
    public const string Operator = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: tidekeeper-system}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: tidekeeper-operator, namespace: tidekeeper-system}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: tidekeeper-operator}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
        subjects: [{kind: ServiceAccount, name: tidekeeper-operator, namespace: tidekeeper-system}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: tidekeeper-operator, namespace: tidekeeper-system}
        spec:
          replicas: 1
          selector: {matchLabels: {app.kubernetes.io/name: tidekeeper-operator}}
          template:
            metadata: {labels: {app.kubernetes.io/name: tidekeeper-operator}}
            spec:
              serviceAccountName: tidekeeper-operator
              containers:
              - name: operator
                image: tidekeeper/operator:0.1.0
                args: [run, --operator-image=tidekeeper/operator:0.1.0, --lease-namespace=tidekeeper-system, --port=8080]
                readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: 2}
        """;
}
