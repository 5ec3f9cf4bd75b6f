namespace Tidekeeper.Playground.Api.Crd.Cel;

/// <summary>Reads an expression into a tree, with macros (<c>has</c>, <c>all</c>, <c>map</c>…) resolved.</summary>
internal sealed class CelParser
{
    private const int Deepest = 250;
    private static readonly string[] Macros = ["all", "exists", "exists_one", "existsOne", "map", "filter"];
    private static readonly string[] Relations = ["<", "<=", ">", ">=", "==", "!=", "in"];

    private readonly IReadOnlyList<CelToken> _tokens;
    private int _at;
    private int _depth;

    private CelParser(IReadOnlyList<CelToken> tokens) => _tokens = tokens;

    /// <exception cref="CelFault">The text is no expression.</exception>
    public static CelNode Parse(string text)
    {
        var parser = new CelParser(CelLexer.Read(text));
        var node = parser.Conditional();
        if (parser.Next.Kind != CelTokenKind.End)
            throw parser.Unexpected();
        return node;
    }

    private CelToken Next => _tokens[_at];

    private CelNode Conditional()
    {
        if (++_depth > Deepest)
            throw new CelFault($"expression recursion limit exceeded: {Deepest}", Next.Position);
        var condition = Or();
        if (Accept("?"))
        {
            var yes = Or();
            Expect(":");
            condition = new CelConditional(condition, yes, Conditional());
        }

        _depth--;
        return condition;
    }

    private CelNode Or()
    {
        var left = And();
        while (Accept("||"))
            left = new CelLogical(left, And(), true);
        return left;
    }

    private CelNode And()
    {
        var left = Relation();
        while (Accept("&&"))
            left = new CelLogical(left, Relation(), false);
        return left;
    }

    private CelNode Relation()
    {
        var left = Sum();
        while (Relations.Contains(Next.Text) && Next.Kind is CelTokenKind.Symbol or CelTokenKind.Name)
        {
            var symbol = Take().Text;
            left = new CelCall(symbol, null, [left, Sum()]);
        }

        return left;
    }

    private CelNode Sum()
    {
        var left = Product();
        while (IsSymbol("+") || IsSymbol("-"))
        {
            var symbol = Take().Text;
            left = new CelCall(symbol, null, [left, Product()]);
        }

        return left;
    }

    private CelNode Product()
    {
        var left = Unary();
        while (IsSymbol("*") || IsSymbol("/") || IsSymbol("%"))
        {
            var symbol = Take().Text;
            left = new CelCall(symbol, null, [left, Unary()]);
        }

        return left;
    }

    private CelNode Unary()
    {
        if (Accept("!"))
            return new CelCall("!", null, [Unary()]);
        if (!Accept("-"))
            return Member();
        return Unary() is var operand && operand is CelLiteral { Value: long number }
            ? new CelLiteral(-number)
            : new CelCall("-", null, [operand]);
    }

    private CelNode Member()
    {
        var node = Primary();
        while (true)
        {
            if (Accept(".?"))
                node = new CelSelect(node, Name(), true);
            else if (Accept("."))
            {
                var name = Name();
                node = Accept("(") ? Method(node, name) : new CelSelect(node, name, false);
            }
            else if (IsSymbol("[") || IsSymbol("[?"))
            {
                var optional = Take().Text == "[?";
                var index = Conditional();
                Expect("]");
                node = new CelIndex(node, index, optional);
            }
            else
                return node;
        }
    }

    private CelNode Method(CelNode target, string name)
    {
        var start = Next.Position;
        var arguments = Arguments(")");
        if (!Macros.Contains(name) || arguments.Count < 2)
        {
            if (name is "optMap" or "optFlatMap" && arguments is [CelName bound, var then])
                return new CelOptionalMap(target, bound.Id, then, name == "optFlatMap");
            return new CelCall(name, target, arguments);
        }

        if (arguments[0] is not CelName variable)
            throw new CelFault("argument must be a simple name", start);
        if (name == "map" && arguments.Count == 3)
            return new CelComprehension("map", target, [variable.Id], arguments[2], arguments[1]);
        return arguments switch
        {
            [_, var body] => new CelComprehension(name, target, [variable.Id], body, null),
            [_, CelName second, var body] => new CelComprehension(name, target, [variable.Id, second.Id], body, null),
            _ => new CelCall(name, target, arguments),
        };
    }

    private CelNode Primary()
    {
        var token = Take();
        if (token.Kind == CelTokenKind.Literal)
            return new CelLiteral(token.Value);
        if (token.Kind == CelTokenKind.Name)
        {
            if (!Accept("("))
                return new CelName(token.Text);
            var arguments = Arguments(")");
            if (token.Text != "has")
                return new CelCall(token.Text, null, arguments);
            return arguments is [CelSelect { Optional: false } field]
                ? new CelHas(field.Operand, field.Field)
                : throw new CelFault("invalid argument to has() macro", token.Position);
        }

        switch (token.Text)
        {
            case "(":
                var inner = Conditional();
                Expect(")");
                return inner;
            case "[":
                return new CelList(Arguments("]"));
            case "{":
                return Map();
            case "." when Next.Kind == CelTokenKind.Name:
                return new CelName(Take().Text);
            default:
                throw new CelFault($"Syntax error: mismatched input '{token.Text}'", token.Position);
        }
    }

    private CelMap Map()
    {
        var entries = new List<(CelNode, CelNode)>();
        while (!Accept("}"))
        {
            var key = Conditional();
            Expect(":");
            entries.Add((key, Conditional()));
            if (!Accept(",") && !IsSymbol("}"))
                throw Unexpected();
        }

        return new CelMap(entries);
    }

    private List<CelNode> Arguments(string closing)
    {
        var list = new List<CelNode>();
        while (!Accept(closing))
        {
            list.Add(Conditional());
            if (!Accept(",") && !IsSymbol(closing))
                throw Unexpected();
        }

        return list;
    }

    private string Name() => Next.Kind == CelTokenKind.Name ? Take().Text : throw Unexpected();

    private bool IsSymbol(string symbol) => Next.Kind == CelTokenKind.Symbol && Next.Text == symbol;

    private CelToken Take() => _tokens[Next.Kind == CelTokenKind.End ? _at : _at++];

    private bool Accept(string symbol)
    {
        if (!IsSymbol(symbol))
            return false;
        _at++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Accept(symbol))
            throw Unexpected();
    }

    private CelFault Unexpected() => new(
        Next.Kind == CelTokenKind.End
            ? "Syntax error: mismatched input '<EOF>'"
            : $"Syntax error: mismatched input '{Next.Text}'",
        Next.Position);
}
