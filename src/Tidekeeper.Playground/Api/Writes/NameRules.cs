using System.Text.RegularExpressions;

namespace Tidekeeper.Playground.Api.Writes;

/// <summary>RFC 1123 and friends, with the texts of the real server.</summary>
public static partial class NameRules
{
    private const string SubdomainText = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
        + " characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
        + " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelText = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters"
        + " or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used"
        + " for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string ServiceText = "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
        + " start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123',"
        + " regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedText = "name part must consist of alphanumeric characters, '-', '_' or '.', and"
        + " must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used"
        + " for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValueText = "a valid label must be an empty string or consist of alphanumeric"
        + " characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
        + " 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>The rule for names of a kind.</summary>
    /// <param name="shown">What a refusal shows in place of the name.</param>
    public static void Check(
        ResourceType type, string name, string field, FieldErrors errors, string? shown = null)
    {
        if (type.Group == "rbac.authorization.k8s.io")
            CheckPathSegment(name, field, errors);
        else if (type is { Group: "", Plural: "namespaces" })
            Check(Label(), name, 63, LabelText, field, errors, shown);
        else if (type is { Group: "", Plural: "services" })
            Check(ServiceName(), name, 63, ServiceText, field, errors, shown);
        else
            Check(Subdomain(), name, 253, SubdomainText, field, errors, shown);
    }

    public static void CheckSubdomain(string name, string field, FieldErrors errors) =>
        Check(Subdomain(), name, 253, SubdomainText, field, errors);

    public static void CheckLabel(string name, string field, FieldErrors errors) =>
        Check(Label(), name, 63, LabelText, field, errors);

    public static void CheckServiceName(string name, string field, FieldErrors errors) =>
        Check(ServiceName(), name, 63, ServiceText, field, errors);

    /// <summary>Keys of labels and annotations: an optional DNS prefix, a slash, a name.</summary>
    public static void CheckQualified(string name, string field, FieldErrors errors)
    {
        var slash = name.IndexOf('/');
        var part = name[(slash + 1)..];
        if (slash == 0)
            errors.Invalid(field, name, "prefix part must be non-empty");
        else if (slash > 0 && !Subdomain().IsMatch(name[..slash]))
            errors.Invalid(field, name, "prefix part " + SubdomainText);
        if (part.Length == 0)
            errors.Invalid(field, name, "name part must be non-empty");
        else if (part.Length > 63)
            errors.Invalid(field, name, "name part must be no more than 63 bytes");
        if (!Qualified().IsMatch(part))
            errors.Invalid(field, name, QualifiedText);
    }

    public static void CheckLabelValue(string value, string field, FieldErrors errors)
    {
        if (value.Length > 63)
            errors.Invalid(field, value, "must be no more than 63 bytes");
        if (value.Length > 0 && !Qualified().IsMatch(value))
            errors.Invalid(field, value, LabelValueText);
    }

    private static void Check(Regex shape, string name, int most, string text, string field, FieldErrors errors,
        string? shown = null)
    {
        if (name.Length > most)
            errors.Invalid(field, shown ?? name, $"must be no more than {most} bytes");
        if (!shape.IsMatch(name))
            errors.Invalid(field, shown ?? name, text);
    }

    private static void CheckPathSegment(string name, string field, FieldErrors errors)
    {
        if (name is "." or "..")
            errors.Invalid(field, name, $"may not be '{name}'");
        foreach (var letter in "/%")
        {
            if (name.Contains(letter))
                errors.Invalid(field, name, $"may not contain '{letter}'");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ServiceName();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex Qualified();
}
