using System.Globalization;
using Tidekeeper.Kube;

namespace Tidekeeper.Operator;

/// <summary>How people install the definition of our kind, as a command that the server at hand accepts.</summary>
public static class DefinitionInstall
{
    // Those before do not know rules in CEL: server-side apply refuses what has them, the rest only validates it.
    private const int FirstWithRules = 23;

    /// <summary>Where there is none.</summary>
    public static string First(ServedApis served) => KnowsRules(served)
        ? "tide crd | kubectl apply --server-side -f -"
        : "tide crd | kubectl create --validate=false -f -";

    /// <summary>Where another one is.</summary>
    public static string Instead(ServedApis served) => KnowsRules(served)
        ? "tide crd | kubectl apply --server-side --force-conflicts -f -"
        : "tide crd | kubectl replace --validate=false -f -";

    private static bool KnowsRules(ServedApis served) =>
        served.ServerVersion.Split('.') is not ["v1", var minor, ..]
        || !int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        || number >= FirstWithRules;
}
