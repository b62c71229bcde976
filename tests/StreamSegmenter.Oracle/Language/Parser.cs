using System.Text.RegularExpressions;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Language;

/// <summary>Conditions and values: recursive descent straight along the grammar.</summary>
internal sealed class Parser(TokenReader reader)
{
    private static readonly Dictionary<string, Relation> Relations = new(StringComparer.Ordinal)
    {
        ["="] = Relation.Equal,
        ["!="] = Relation.NotEqual,
        ["<"] = Relation.Less,
        ["<="] = Relation.LessOrEqual,
        [">"] = Relation.Greater,
        [">="] = Relation.GreaterOrEqual,
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "and",
        "or",
        "not",
        "for",
        "in",
        "is",
        "where",
        "then",
    };

    private bool _insideWhere;

    public static Node Parse(string text)
    {
        var reader = new TokenReader(Lexer.Tokens(text));
        var rule = new Parser(reader).Rule();
        return reader.Current.Kind == TokenKind.End
            ? rule
            : throw reader.Expected("'and', 'or' or the end of the rule");
    }

    public Node Rule()
    {
        var left = Conjunction();
        while (reader.Current.IsKeyword("or"))
        {
            var at = reader.Take().At;
            left = new Either(left, Conjunction(), at);
        }

        return left;
    }

    /// <summary>The condition after <c>where</c>, in which bare names are paths.</summary>
    public Node Where()
    {
        var outer = _insideWhere;
        _insideWhere = true;
        var condition = Rule();
        _insideWhere = outer;
        return condition;
    }

    public FieldPath Path()
    {
        var steps = new List<string?> { reader.Name("a name") };
        while (true)
        {
            if (reader.TrySymbol("."))
            {
                steps.Add(reader.Name("a name"));
            }
            else if (reader.Current.IsSymbol("[") && reader.Next.IsSymbol("]"))
            {
                reader.Take();
                reader.Take();
                steps.Add(null);
            }
            else
            {
                return new(steps);
            }
        }
    }

    private Node Conjunction()
    {
        var left = Negation();
        while (reader.Current.IsKeyword("and"))
        {
            var at = reader.Take().At;
            left = new Both(left, Negation(), at);
        }

        return left;
    }

    private Node Negation()
    {
        if (!reader.Current.IsKeyword("not"))
        {
            return Held();
        }

        var at = reader.Take().At;
        return new Not(Negation(), at);
    }

    private Node Held()
    {
        var predicate = Predicate();
        if (!reader.Current.IsKeyword("for"))
        {
            return predicate;
        }

        var at = reader.Take().At;
        return _insideWhere
            ? throw new RuleError(at, "'for' is not possible inside 'where'")
            : new HeldFor(predicate, reader.PositiveDuration("'for'"), at);
    }

    private Node Predicate()
    {
        var subject = Sum();
        var at = reader.Current.At;
        if (reader.Current.Kind == TokenKind.Symbol && Relations.TryGetValue(reader.Current.Content, out var relation))
        {
            reader.Take();
            return new Compare(relation, subject, Sum(), at);
        }

        if (reader.TryKeyword("not"))
        {
            reader.Keyword("in");
            return new InList(Negated: true, subject, List(), at);
        }

        if (reader.TryKeyword("in"))
        {
            return new InList(Negated: false, subject, List(), at);
        }

        return WordPredicate(subject, at);
    }

    private Node WordPredicate(Node subject, Position at)
    {
        if (reader.TryKeyword("contains"))
        {
            return new TextTest(TextTestKind.Contains, subject, Sum(), at);
        }

        if (reader.TryKeyword("starts"))
        {
            reader.Keyword("with");
            return new TextTest(TextTestKind.StartsWith, subject, Sum(), at);
        }

        if (reader.TryKeyword("ends"))
        {
            reader.Keyword("with");
            return new TextTest(TextTestKind.EndsWith, subject, Sum(), at);
        }

        if (reader.TryKeyword("matches"))
        {
            return new Matches(subject, Pattern(), at);
        }

        if (reader.TryKeyword("is"))
        {
            var present = reader.TryKeyword("present");
            if (!present)
            {
                reader.Keyword("missing");
            }

            return new Presence(present, subject, at);
        }

        return subject;
    }

    private Regex Pattern()
    {
        var token = reader.Take(TokenKind.Text, "a pattern in quotes");
        try
        {
            return new(
                token.Content,
                RegexOptions.NonBacktracking | RegexOptions.CultureInvariant,
                TimeSpan.FromSeconds(10)
            );
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            throw new RuleError(token.At, $"not a usable pattern: {refused.Message}");
        }
    }

    private List<Literal> List()
    {
        var closing = reader.TrySymbol("[") ? "]" : ")";
        if (closing == ")")
        {
            reader.Symbol("(");
        }

        var list = new List<Literal>();
        do
        {
            list.Add(ListElement());
        } while (reader.TrySymbol(","));

        reader.Symbol(closing);
        return list;
    }

    private Literal ListElement()
    {
        var at = reader.Current.At;
        return Factor() switch
        {
            Literal literal => literal,
            Negated { Inner: Literal { Value: Number or Span } inner } => new(Arithmetic.Negate(inner.Value)!, at),
            _ => throw new RuleError(at, "expected a number, a string, a duration, true or false"),
        };
    }

    private Node Sum()
    {
        var left = Product();
        while (reader.Current.IsSymbol("+") || reader.Current.IsSymbol("-"))
        {
            var operation = reader.Take();
            left = new Calculation(operation.Content[0], left, Product(), operation.At);
        }

        return left;
    }

    private Node Product()
    {
        var left = Factor();
        while (reader.Current.IsSymbol("*") || reader.Current.IsSymbol("/"))
        {
            var operation = reader.Take();
            left = new Calculation(operation.Content[0], left, Factor(), operation.At);
        }

        return left;
    }

    private Node Factor()
    {
        var token = reader.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new Literal(new Number(reader.Take().Amount), token.At);
            case TokenKind.Duration:
                return new Literal(new Span(reader.Take().Amount), token.At);
            case TokenKind.Text:
                return new Literal(new Text(reader.Take().Content), token.At);
            case TokenKind.Word:
                return Named(token);
        }

        if (reader.TrySymbol("-"))
        {
            return new Negated(Factor(), token.At);
        }

        if (reader.TrySymbol("("))
        {
            var inner = Rule();
            reader.Symbol(")");
            return inner;
        }

        if (_insideWhere && reader.TrySymbol("@"))
        {
            return new PathValue(PathRoot.Envelope, Path(), token.At);
        }

        throw reader.Expected("a value");
    }

    private Node Named(Token token)
    {
        if (token.IsKeyword("true") || token.IsKeyword("false"))
        {
            reader.Take();
            return new Literal(new Truth(token.IsKeyword("true")), token.At);
        }

        if (reader.Next.IsSymbol("("))
        {
            return new FunctionParser(reader, this).Parse(_insideWhere);
        }

        if (reader.Next.IsSymbol(".") && (token.IsKeyword("profile") || token.IsKeyword("rfm")))
        {
            reader.Take();
            reader.Take();
            return token.IsKeyword("profile") ? new PathValue(PathRoot.Profile, Path(), token.At) : Rfm(token.At);
        }

        if (!_insideWhere)
        {
            throw new RuleError(token.At, $"unknown name {token}; expected a value, such as count(…) or profile.x");
        }

        return Reserved.Contains(token.Content)
            ? throw reader.Expected("a value")
            : new PathValue(PathRoot.Payload, Path(), token.At);
    }

    private OutsideValue Rfm(Position at)
    {
        if (_insideWhere)
        {
            throw new RuleError(at, "rfm is not possible inside 'where'");
        }

        var dimension = ((string[])["recency", "frequency", "monetary"]).FirstOrDefault(word =>
            reader.TryKeyword(word)
        );
        return dimension is null
            ? throw reader.Expected("recency, frequency or monetary")
            : new(OutsideKind.Rfm, new(["rfm", dimension]), at);
    }
}
