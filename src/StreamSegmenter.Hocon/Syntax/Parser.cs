using System.Collections.Immutable;
using StreamSegmenter.Hocon.Tokens;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>Reads the syntax tree of one HOCON text.</summary>
internal sealed class Parser
{
    private readonly TokenCursor _tokens;
    private readonly int _maxDepth;
    private int _depth;

    private Parser(TokenCursor tokens, int maxDepth)
    {
        _tokens = tokens;
        _maxDepth = maxDepth;
    }

    /// <summary>The root of a text: an object, whose braces may be left out, or an array.</summary>
    public static SyntaxNode Parse(string text, string source, HoconLimits limits)
    {
        var parser = new Parser(new TokenCursor(Tokenizer.Tokenize(text, source), source), limits.MaxDepth);
        return parser.ReadRoot();
    }

    private SyntaxNode ReadRoot()
    {
        var origin = _tokens.Origin;
        _tokens.SkipBlank();
        if (_tokens.Kind is not (TokenKind.LeftBrace or TokenKind.LeftBracket))
        {
            return new ObjectSyntax(origin, ReadMembers(closing: TokenKind.End, opening: origin));
        }
        SyntaxNode root = _tokens.Kind == TokenKind.LeftBrace ? ReadObject() : ReadArray();
        _tokens.SkipBlank();
        return _tokens.Kind == TokenKind.End
            ? root
            : throw _tokens.Error($"expected nothing after the root, found {TokenNames.Of(_tokens.Current)}");
    }

    private ObjectSyntax ReadObject()
    {
        var origin = Open();
        var members = ReadMembers(TokenKind.RightBrace, origin);
        _depth--;
        return new ObjectSyntax(origin, members);
    }

    private ArraySyntax ReadArray()
    {
        var origin = Open();
        var elements = ReadList(TokenKind.RightBracket, origin, "array", ReadValue);
        _depth--;
        return new ArraySyntax(origin, elements);
    }

    private HoconOrigin Open()
    {
        var origin = _tokens.Origin;
        _tokens.Take();
        return ++_depth <= _maxDepth
            ? origin
            : throw new HoconException(origin, $"objects and arrays are nested more than {_maxDepth} deep");
    }

    private ImmutableArray<MemberSyntax> ReadMembers(TokenKind closing, HoconOrigin opening) =>
        ReadList(closing, opening, "object", ReadMember);

    /// <summary>
    /// Reads items, each ended by a comma, a newline or the closing token, and steps over the latter.
    /// </summary>
    private ImmutableArray<T> ReadList<T>(TokenKind closing, HoconOrigin opening, string what, Func<T> readItem)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        _tokens.SkipBlank();
        while (_tokens.Kind != closing)
        {
            if (_tokens.Kind == TokenKind.End)
            {
                throw new HoconException(opening, $"the {what} is never closed");
            }
            items.Add(readItem());
            var separated = _tokens.SkipBlank();
            separated |= _tokens.TryTake(TokenKind.Comma);
            _tokens.SkipBlank();
            if (!separated && _tokens.Kind != closing && _tokens.Kind != TokenKind.End)
            {
                throw _tokens.Error($"expected a comma or a new line, found {TokenNames.Of(_tokens.Current)}");
            }
        }
        _tokens.Take();
        return items.DrainToImmutable();
    }

    private MemberSyntax ReadMember()
    {
        if (_tokens.Current is { Kind: TokenKind.Unquoted, Text: "include" })
        {
            return IncludeStatement.Read(_tokens);
        }
        var start = _tokens.Position;
        var origin = _tokens.Origin;
        while (_tokens.Kind is TokenKind.Quoted or TokenKind.Unquoted or TokenKind.Whitespace)
        {
            _tokens.Take();
        }
        if (_tokens.Position == start)
        {
            throw _tokens.Error($"expected a key, found {TokenNames.Of(_tokens.Current)}");
        }
        var path = PathExpression.Read(_tokens.From(start), origin);
        _tokens.SkipBlank();
        return ReadFieldValue(origin, path);
    }

    private FieldSyntax ReadFieldValue(HoconOrigin origin, HoconPath path)
    {
        var appends = _tokens.Kind == TokenKind.PlusEquals;
        if (appends || _tokens.Kind is TokenKind.Colon or TokenKind.Equals)
        {
            _tokens.Take();
            _tokens.SkipBlank();
        }
        else if (_tokens.Kind != TokenKind.LeftBrace)
        {
            var found = TokenNames.Of(_tokens.Current);
            throw _tokens.Error($"expected '=', ':', '+=' or '{{' after the key {path}, found {found}");
        }
        return new FieldSyntax(origin, path, appends, ReadValue());
    }

    private SyntaxNode ReadValue()
    {
        var origin = _tokens.Origin;
        var pieces = new List<SyntaxNode>();
        Token? onlyText = null;
        while (true)
        {
            var space = _tokens.Kind == TokenKind.Whitespace ? _tokens.Take() : (Token?)null;
            var token = _tokens.Current;
            if (ReadPiece() is not { } piece)
            {
                break;
            }
            if (space is { } between && pieces.Count > 0)
            {
                pieces.Add(new WhitespaceSyntax(Text(between)));
            }
            onlyText = pieces.Count == 0 && token.Kind == TokenKind.Unquoted ? token : null;
            pieces.Add(piece);
        }
        return pieces.Count switch
        {
            0 => throw _tokens.Error($"expected a value, found {TokenNames.Of(_tokens.Current)}"),
            1 => onlyText is { } text ? new LiteralSyntax(Classify(text, origin)) : pieces[0],
            _ => Join(origin, pieces),
        };
    }

    private SyntaxNode? ReadPiece()
    {
        switch (_tokens.Kind)
        {
            case TokenKind.Quoted or TokenKind.Unquoted:
                return new LiteralSyntax(Text(_tokens.Take()));
            case TokenKind.LeftBrace:
                return ReadObject();
            case TokenKind.LeftBracket:
                return ReadArray();
            case TokenKind.Substitution or TokenKind.OptionalSubstitution:
                return ReadSubstitution();
            case TokenKind.Colon or TokenKind.Equals or TokenKind.PlusEquals:
                var found = TokenNames.Of(_tokens.Current);
                throw _tokens.Error($"{found} is not allowed in a value; put the value in double quotes");
            default:
                return null;
        }
    }

    private SubstitutionSyntax ReadSubstitution()
    {
        var origin = _tokens.Origin;
        var optional = _tokens.Take().Kind == TokenKind.OptionalSubstitution;
        var start = _tokens.Position;
        while (_tokens.Kind is TokenKind.Quoted or TokenKind.Unquoted or TokenKind.Whitespace)
        {
            _tokens.Take();
        }
        if (_tokens.Kind != TokenKind.RightBrace)
        {
            var found = TokenNames.Of(_tokens.Current);
            throw _tokens.Error($"expected a path and '}}' in the substitution, found {found}");
        }
        var path = PathExpression.Read(_tokens.From(start), origin);
        _tokens.Take();
        return new SubstitutionSyntax(origin, path, optional);
    }

    /// <summary>Several pieces: one string when all of them are literal, else a concatenation to be resolved.</summary>
    private static SyntaxNode Join(HoconOrigin origin, List<SyntaxNode> pieces)
    {
        if (!pieces.TrueForAll(static piece => piece is LiteralSyntax or WhitespaceSyntax))
        {
            return new ConcatenationSyntax(origin, [.. pieces]);
        }
        var values = pieces.Select(static piece =>
            piece is LiteralSyntax l ? l.Value : ((WhitespaceSyntax)piece).Value
        );
        return new LiteralSyntax(HoconString.Joined(origin, [.. values]));
    }

    private HoconString Text(Token token) => new(_tokens.OriginOf(token), token.Text, token.Writing);

    private static HoconScalar Classify(Token token, HoconOrigin origin) =>
        token.Text switch
        {
            "true" => new HoconBoolean(origin, true, token.Writing),
            "false" => new HoconBoolean(origin, false, token.Writing),
            "null" => new HoconNull(origin),
            var text when JsonNumber.Matches(text) => new HoconNumber(origin, text, token.Writing),
            var text => new HoconString(origin, text, token.Writing),
        };
}
