{{- define "tidekeeper.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "tidekeeper.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "tidekeeper.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "tidekeeper.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- /* ClusterRoles are in no namespace: releases of the same name elsewhere must not meet there. */}}
{{- define "tidekeeper.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "tidekeeper.fullname" .) }}
{{- end }}

{{- define "tidekeeper.account" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "tidekeeper.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "tidekeeper.selector" -}}
app.kubernetes.io/name: {{ include "tidekeeper.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tidekeeper.labels" -}}
{{ include "tidekeeper.selector" . }}
app.kubernetes.io/component: operator
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "tidekeeper.image" -}}
{{- if eq .Values.image.tag "latest" }}
{{- fail "image.tag: latest is no version, and two of those are not the same; leave it empty for the chart's own" }}
{{- end -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}

{{- /* Where clusters are, as a JSON list; empty for everywhere. */}}
{{- define "tidekeeper.namespaces" -}}
{{- if .Values.clusterScoped }}
{{- if .Values.namespaces }}
{{- fail "namespaces: they are of no use with clusterScoped: true; set clusterScoped to false, or leave namespaces empty" }}
{{- end }}
{{- "[]" }}
{{- else }}
{{- default (list .Release.Namespace) .Values.namespaces | uniq | toJson }}
{{- end }}
{{- end }}

{{- define "tidekeeper.readNodes" -}}
{{- if kindIs "invalid" .Values.readNodes }}{{ if .Values.clusterScoped }}yes{{ end }}{{ else if .Values.readNodes }}yes{{ end }}
{{- end }}

{{- define "tidekeeper.subject" -}}
- kind: ServiceAccount
  name: {{ include "tidekeeper.account" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}
