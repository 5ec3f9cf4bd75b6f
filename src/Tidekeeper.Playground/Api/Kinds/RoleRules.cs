using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Roles of a namespace and of the cluster.</summary>
internal sealed class RoleRules(string kind) : IKindRules
{
    public string GroupKind => kind + ".rbac.authorization.k8s.io";

    // Go writes the list even when there is none.
    public void Default(JsonObject item)
    {
        if (!item.ContainsKey("rules"))
            item["rules"] = null;
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        foreach (var (at, rule) in item.ObjectsAt("rules").Index())
        {
            var path = $"rules[{at}]";
            if (!rule.TextsAt("verbs").Any())
                errors.Required(path + ".verbs", "verbs must contain at least one value");
            if (rule.TextsAt("nonResourceURLs").Any())
            {
                if (kind == "Role")
                {
                    errors.Invalid(path + ".nonResourceURLs", rule["nonResourceURLs"],
                        "namespaced rules cannot apply to non-resource URLs");
                }

                if (rule.TextsAt("apiGroups").Any() || rule.TextsAt("resources").Any())
                {
                    errors.Invalid(path + ".nonResourceURLs", rule["nonResourceURLs"],
                        "rules cannot apply to both regular resources and non-resource URLs");
                }

                continue;
            }

            if (!rule.TextsAt("apiGroups").Any())
                errors.Required(path + ".apiGroups", "resource rules must supply at least one api group");
            if (!rule.TextsAt("resources").Any())
                errors.Required(path + ".resources", "resource rules must supply at least one resource");
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors) => ValidateCreate(item, errors);
}

/// <summary>Bindings of roles to users, groups and service accounts.</summary>
internal sealed class RoleBindingRules(string kind) : IKindRules
{
    private const string Rbac = "rbac.authorization.k8s.io";

    public string GroupKind => kind + "." + Rbac;

    public void Default(JsonObject item)
    {
        item.Section("roleRef").FillIn("apiGroup", Rbac);
        foreach (var subject in item.ObjectsAt("subjects"))
        {
            if (subject.Text("kind") is "User" or "Group")
                subject.FillIn("apiGroup", Rbac);
        }
    }

    public void ValidateCreate(JsonObject item, FieldErrors errors)
    {
        if (item.Text("roleRef", "apiGroup") != Rbac)
            errors.Unsupported("roleRef.apiGroup", item.At("roleRef", "apiGroup"), Rbac);
        string[] roles = kind == "RoleBinding" ? ["Role", "ClusterRole"] : ["ClusterRole"];
        if (!roles.Contains(item.Text("roleRef", "kind")))
            errors.Unsupported("roleRef.kind", item.At("roleRef", "kind") ?? "", roles);
        if (string.IsNullOrEmpty(item.Text("roleRef", "name")))
            errors.Required("roleRef.name");
        foreach (var (at, subject) in item.ObjectsAt("subjects").Index())
        {
            var path = $"subjects[{at}]";
            if (string.IsNullOrEmpty(subject.Text("name")))
                errors.Required(path + ".name");
            if (subject.Text("kind") is not ("ServiceAccount" or "User" or "Group"))
                errors.Unsupported(path + ".kind", subject["kind"] ?? "", "ServiceAccount", "User", "Group");
            else if (subject.Text("kind") == "ServiceAccount")
                CheckAccount(subject, path, errors);
            else if (subject.Text("apiGroup") != Rbac)
                errors.Unsupported(path + ".apiGroup", subject["apiGroup"] ?? "", Rbac);
        }
    }

    public void ValidateUpdate(JsonObject item, JsonObject old, FieldErrors errors)
    {
        ValidateCreate(item, errors);
        if (!ObjectFields.Same(item["roleRef"], old["roleRef"]))
            errors.Invalid("roleRef", InternalForm.RoleRef(item.ObjectAt("roleRef")), "cannot change roleRef");
    }

    private void CheckAccount(JsonObject subject, string path, FieldErrors errors)
    {
        if (subject.Text("name") is { Length: > 0 } name)
            NameRules.CheckSubdomain(name, path + ".name", errors);
        if (subject.Text("apiGroup") is { Length: > 0 } group)
            errors.Unsupported(path + ".apiGroup", group, "");
        if (kind == "ClusterRoleBinding" && string.IsNullOrEmpty(subject.Text("namespace")))
            errors.Required(path + ".namespace");
    }
}
