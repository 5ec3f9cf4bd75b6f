namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>
/// A part of an expression. Values are long, ulong, double, string, bool, byte[], null, DateTimeOffset, TimeSpan,
/// <see cref="CelObject"/>, lists (<see cref="IReadOnlyList{T}"/>), literal maps, and the records of the function
/// libraries.
/// </summary>
internal abstract record CelNode
{
    public abstract object? Evaluate(CelScope scope);
}

/// <summary>Names with a value; an inner scope hides names of the outer one.</summary>
internal sealed record CelScope(CelScope? Outer, string Name, object? Value)
{
    private const int MostSteps = 1_000_000;
    private readonly int[] _steps = Outer?._steps ?? [0];

    public object? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Name == name)
                return scope.Value;
        }

        throw new CelFault($"undeclared reference to '{name}' (in container '')");
    }

    /// <summary>An expression over long lists must not stop the server.</summary>
    public void Step()
    {
        if (++_steps[0] > MostSteps)
            throw new CelFault("operation cancelled: actual cost limit exceeded");
    }
}

internal sealed record CelLiteral(object? Value) : CelNode
{
    public override object? Evaluate(CelScope scope) => Value;
}

internal sealed record CelName(string Id) : CelNode
{
    public override object? Evaluate(CelScope scope) =>
        Id is "int" or "uint" or "double" or "string" or "bool" or "bytes" or "list" or "map" or "null_type"
            ? new CelType(Id) : scope.Find(Id);
}

internal sealed record CelSelect(CelNode Operand, string Field, bool Optional) : CelNode
{
    public override object? Evaluate(CelScope scope)
    {
        var target = Operand.Evaluate(scope);
        if (target is CelOptional chain)
            return chain.HasValue && CelValues.TryField(chain.Value, Field, out var inner)
                ? new CelOptional(true, inner) : CelOptional.None;
        var found = CelValues.TryField(target, Field, out var value);
        if (Optional)
            return found ? new CelOptional(true, value) : CelOptional.None;
        return found ? value : throw new CelFault($"no such key: {Field}");
    }
}

internal sealed record CelHas(CelNode Operand, string Field) : CelNode
{
    public override object? Evaluate(CelScope scope) => Operand.Evaluate(scope) is var target
        && target is CelOptional optional
            ? optional.HasValue && CelValues.TryField(optional.Value, Field, out _)
            : CelValues.TryField(target, Field, out _);
}

internal sealed record CelIndex(CelNode Operand, CelNode Index, bool Optional) : CelNode
{
    public override object? Evaluate(CelScope scope)
    {
        var target = Operand.Evaluate(scope);
        var index = Index.Evaluate(scope);
        if (target is CelOptional chain)
        {
            return chain.HasValue && CelValues.TryIndex(chain.Value, index, out var inner)
                ? new CelOptional(true, inner) : CelOptional.None;
        }

        var found = CelValues.TryIndex(target, index, out var value);
        if (Optional)
            return found ? new CelOptional(true, value) : CelOptional.None;
        if (found)
            return value;
        throw new CelFault(target is IReadOnlyList<object?>
            ? $"index out of bounds: {index}" : $"no such key: {CelValues.Show(index)}");
    }
}

internal sealed record CelCall(string Function, CelNode? Target, IReadOnlyList<CelNode> Arguments) : CelNode
{
    public override object? Evaluate(CelScope scope)
    {
        scope.Step();

        // "optional.of(x)" and "math.greatest(x, y)" are functions with a dot in their name, not methods.
        if (Target is CelName { Id: "optional" or "math" or "strings" } space)
            return CelFunctions.Call($"{space.Id}.{Function}", null, [.. Arguments.Select(a => a.Evaluate(scope))]);
        if (Function is "or" or "orValue" && Target?.Evaluate(scope) is CelOptional optional)
        {
            if (!optional.HasValue)
                return Arguments[0].Evaluate(scope);
            return Function == "or" ? optional : optional.Value;
        }

        object? self = Target?.Evaluate(scope);
        object?[] arguments = [.. Arguments.Select(a => a.Evaluate(scope))];
        return Target is null
            ? CelFunctions.Call(Function, null, arguments)
            : CelFunctions.Call(Function, [self], arguments);
    }
}

internal sealed record CelList(IReadOnlyList<CelNode> Elements) : CelNode
{
    public override object? Evaluate(CelScope scope) => Elements.Select(e => e.Evaluate(scope)).ToArray();
}

internal sealed record CelMap(IReadOnlyList<(CelNode Key, CelNode Value)> Entries) : CelNode
{
    public override object? Evaluate(CelScope scope) =>
        new CelObject([.. Entries.Select(e => (e.Key.Evaluate(scope), e.Value.Evaluate(scope)))]);
}

internal sealed record CelConditional(CelNode Condition, CelNode Yes, CelNode No) : CelNode
{
    public override object? Evaluate(CelScope scope) =>
        CelValues.Truth(Condition.Evaluate(scope)) ? Yes.Evaluate(scope) : No.Evaluate(scope);
}

/// <summary>Either side may decide alone: an error on one side counts only when the other does not settle it.</summary>
internal sealed record CelLogical(CelNode Left, CelNode Right, bool IsOr) : CelNode
{
    public override object? Evaluate(CelScope scope)
    {
        CelFault? fault = null;
        try
        {
            if (CelValues.Truth(Left.Evaluate(scope)) == IsOr)
                return IsOr;
        }
        catch (CelFault e)
        {
            fault = e;
        }

        if (CelValues.Truth(Right.Evaluate(scope)) == IsOr)
            return IsOr;
        return fault is null ? !IsOr : throw fault;
    }
}

internal sealed record CelOptionalMap(CelNode Operand, string Variable, CelNode Body, bool Flat) : CelNode
{
    public override object? Evaluate(CelScope scope)
    {
        if (Operand.Evaluate(scope) is not CelOptional optional)
            throw CelFault.NoOverload;
        if (!optional.HasValue)
            return CelOptional.None;
        var result = Body.Evaluate(new CelScope(scope, Variable, optional.Value));
        return Flat ? result : new CelOptional(true, result);
    }
}

/// <summary>The macros that go over a list or the keys of a map.</summary>
internal sealed record CelComprehension(
    string Macro, CelNode Range, IReadOnlyList<string> Variables, CelNode Body, CelNode? Filter) : CelNode
{
    public override object? Evaluate(CelScope scope)
    {
        var range = Range.Evaluate(scope);
        var results = new List<object?>();
        CelFault? fault = null;
        var hits = 0;
        foreach (var (key, value) in CelValues.Entries(range))
        {
            scope.Step();
            var inner = Bind(scope, range, key, value);
            if (Macro == "map")
            {
                if (Filter is null || CelValues.Truth(Filter.Evaluate(inner)))
                    results.Add(Body.Evaluate(inner));
                continue;
            }

            try
            {
                if (!CelValues.Truth(Body.Evaluate(inner)))
                {
                    if (Macro == "all")
                        return false;
                    continue;
                }
            }
            catch (CelFault e) when (Macro is "all" or "exists")
            {
                fault = e;
                continue;
            }

            if (Macro == "exists")
                return true;
            hits++;
            results.Add(range is CelObject ? key : value);
        }

        if (fault is not null)
            throw fault;
        return Macro switch
        {
            "all" => true,
            "exists" => false,
            "exists_one" or "existsOne" => hits == 1,
            _ => results,
        };
    }

    private CelScope Bind(CelScope scope, object? range, object? key, object? value)
    {
        if (Variables.Count == 2)
            return new CelScope(new CelScope(scope, Variables[0], key), Variables[1], value);
        return new CelScope(scope, Variables[0], range is CelObject ? key : value);
    }
}
