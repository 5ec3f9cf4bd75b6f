namespace Tidekeeper.EndToEnd;

/// <summary>A test that needs programs; skipped, by name, where one is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(params string[] programs)
    {
        if (programs.FirstOrDefault(program => !Client.IsInstalled(program)) is { } missing)
            Skip = $"{missing} is not installed";
    }
}

/// <summary>The same for a test with a table.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(params string[] programs)
    {
        if (programs.FirstOrDefault(program => !Client.IsInstalled(program)) is { } missing)
            Skip = $"{missing} is not installed";
    }
}
