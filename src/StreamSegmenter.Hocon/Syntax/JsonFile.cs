using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Syntax;

/// <summary>Reads a <c>.json</c> file, strictly: what is not JSON is an error, though HOCON might allow it.</summary>
internal ref struct JsonFile
{
    private readonly byte[] _bytes;
    private readonly string _source;
    private Utf8JsonReader _reader;
    private int _lineStart;
    private int _line = 1;
    private int _counted;

    private JsonFile(string text, string source, int maxDepth)
    {
        _bytes = Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF'));
        _source = source;
        _reader = new Utf8JsonReader(_bytes, new JsonReaderOptions { MaxDepth = maxDepth });
    }

    public static SyntaxNode Parse(string text, string source, HoconLimits limits)
    {
        try
        {
            var file = new JsonFile(text, source, limits.MaxDepth);
            file._reader.Read();
            var root = file.ReadValue();
            file._reader.Read();
            return root;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var at = e as JsonException;
            var origin = HoconOrigin.Text(
                source,
                (int)(at?.LineNumber ?? 0) + 1,
                (int)(at?.BytePositionInLine ?? 0) + 1
            );
            throw new HoconException(origin, "the file is not valid JSON; correct it or rename it to .conf", e);
        }
    }

    private SyntaxNode ReadValue()
    {
        var origin = Origin();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(origin),
            JsonTokenType.StartArray => ReadArray(origin),
            JsonTokenType.String => new LiteralSyntax(new HoconString(origin, _reader.GetString()!)),
            JsonTokenType.Number => new LiteralSyntax(
                new HoconNumber(origin, Encoding.UTF8.GetString(_reader.ValueSpan))
            ),
            JsonTokenType.Null => new LiteralSyntax(new HoconNull(origin)),
            _ => new LiteralSyntax(new HoconBoolean(origin, _reader.GetBoolean())),
        };
    }

    private ObjectSyntax ReadObject(HoconOrigin origin)
    {
        var members = ImmutableArray.CreateBuilder<MemberSyntax>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var keyOrigin = Origin();
            var path = new HoconPath(_reader.GetString()!);
            _reader.Read();
            members.Add(new FieldSyntax(keyOrigin, path, Appends: false, ReadValue()));
        }
        return new ObjectSyntax(origin, members.DrainToImmutable());
    }

    private ArraySyntax ReadArray(HoconOrigin origin)
    {
        var elements = ImmutableArray.CreateBuilder<SyntaxNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            elements.Add(ReadValue());
        }
        return new ArraySyntax(origin, elements.DrainToImmutable());
    }

    private HoconOrigin Origin()
    {
        var start = (int)_reader.TokenStartIndex;
        for (; _counted < start; _counted++)
        {
            if (_bytes[_counted] == (byte)'\n')
            {
                _line++;
                _lineStart = _counted + 1;
            }
        }
        var column = Encoding.UTF8.GetCharCount(_bytes, _lineStart, start - _lineStart) + 1;
        return HoconOrigin.Text(_source, _line, column);
    }
}
