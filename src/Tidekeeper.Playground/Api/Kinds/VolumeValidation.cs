using System.Text.Json.Nodes;
using Tidekeeper.Playground.Api.Writes;
using Tidekeeper.Playground.Store;

namespace Tidekeeper.Playground.Api.Kinds;

/// <summary>Volumes of pods, and sources that persistent volumes share with them.</summary>
internal static class VolumeValidation
{
    /// <summary>The names of the volumes, for those who mount them.</summary>
    public static SortedSet<string> CheckAll(JsonObject spec, string path, FieldErrors errors)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, volume) in spec.ObjectsAt("volumes").Index())
        {
            var here = $"{path}.volumes[{at}]";
            var name = volume.Text("name") ?? "";
            CheckSource(volume, here, errors);
            if (name.Length == 0)
                errors.Required(here + ".name");
            else
                NameRules.CheckLabel(name, here + ".name", errors);
            if (name.Length > 0 && !names.Add(name))
                errors.Duplicate(here + ".name", name);
        }

        return names;
    }

    /// <summary>A path below somewhere: relative, and never out of it again.</summary>
    public static void CheckLocalPath(string text, string path, FieldErrors errors)
    {
        if (text.StartsWith('/'))
            errors.Invalid(path, text, "must be a relative path");
        CheckNoBacksteps(text, path, errors);
    }

    public static void CheckHostPath(JsonObject source, string path, FieldErrors errors)
    {
        var text = source.Text("path") ?? "";
        if (text.Length == 0)
        {
            errors.Required(path + ".path");
            return;
        }

        CheckNoBacksteps(text, path + ".path", errors);
        if (source.Text("type") is not (null or "" or "BlockDevice" or "CharDevice" or "Directory"
            or "DirectoryOrCreate" or "File" or "FileOrCreate" or "Socket"))
        {
            errors.Unsupported(path + ".type", source["type"], "", "BlockDevice", "CharDevice", "Directory",
                "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
        }
    }

    private static void CheckNoBacksteps(string text, string path, FieldErrors errors)
    {
        if (text.Split('/').Contains(".."))
            errors.Invalid(path, text, "must not contain '..'");
    }

    private static void CheckSource(JsonObject volume, string path, FieldErrors errors)
    {
        var count = 0;
        foreach (var (kind, source) in volume)
        {
            if (kind == "name" || source is not JsonObject given)
                continue;
            var here = $"{path}.{kind}";
            if (++count > 1)
            {
                errors.Forbidden(here, "may not specify more than 1 volume type");
                continue;
            }

            switch (kind)
            {
                case "hostPath":
                    CheckHostPath(given, here, errors);
                    break;
                case "secret" when string.IsNullOrEmpty(given.Text("secretName")):
                    errors.Required(here + ".secretName");
                    break;
                case "configMap" when string.IsNullOrEmpty(given.Text("name")):
                    errors.Required(here + ".name");
                    break;
                case "persistentVolumeClaim" when string.IsNullOrEmpty(given.Text("claimName")):
                    errors.Required(here + ".claimName");
                    break;
            }
        }
    }
}
