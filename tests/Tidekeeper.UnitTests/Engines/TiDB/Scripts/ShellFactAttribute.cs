namespace Tidekeeper.UnitTests.Engines.TiDB.Scripts;

/// <summary>A test that runs a script under a real shell; skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute()
    {
        if (!File.Exists("/bin/sh"))
            Skip = "there is no /bin/sh on this machine";
    }
}
