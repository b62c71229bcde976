using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Tests.Events.Support;

namespace StreamSegmenter.Segmentation.Tests.Events;

/// <summary>Walks random texts on a tape and in System.Text.Json side by side.</summary>
public sealed class JsonTapeAgainstJsonDocumentTests
{
    private static readonly string[] Characters =
    [
        "a",
        "A",
        "B",
        "7",
        " ",
        "_",
        "é",
        "漢",
        "😀",
        "\u2028",
        "\\n",
        "\\\\",
        "\\\"",
        "\\/",
        "\\u0041",
        "\\u00e9",
        "\\u0000",
        "\\uD83D\\uDE00",
        "\\u2028",
    ];

    private static readonly Gen<string> Strings = Gen.Elements(Characters)
        .ArrayOf()
        .Select(parts => $"\"{string.Concat(parts.Take(12))}\"");

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Strings,
        Gen.Choose(-1_000_000, 1_000_000).Select(number => $"{number}"),
        Gen.Choose(-1_000_000, 1_000_000).Select(number => $"{number}.{Math.Abs(number)}e-3"),
        Gen.Elements("true", "false", "null", "{}", "[]", "0", "-0.0", "1E5")
    );

    private static readonly Gen<string> Spaces = Gen.Elements("", "", "", " ", "\n", "\t \r\n");

    [Fact]
    public void Every_value_is_the_same_in_both()
    {
        var tape = new JsonTape(EventLimits.Default with { MaxBytes = 1 << 20, MaxTokens = 1 << 16 });
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Arb.From(Values(4)), text => Agrees(tape, text))
        );
    }

    [Fact]
    public void Cut_texts_are_refused_by_both()
    {
        var tape = new JsonTape(EventLimits.Default with { MaxBytes = 1 << 20, MaxTokens = 1 << 16 });
        Gen<string> cuts = Values(3).SelectMany(text => Gen.Choose(0, text.Length).Select(length => text[..length]));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(Arb.From(cuts.Where(IsWholeUtf16)), text => Agrees(tape, text))
        );
    }

    private static bool IsWholeUtf16(string text) => text.Length == 0 || !char.IsHighSurrogate(text[^1]);

    private static Gen<string> Values(int depth) =>
        depth == 0
            ? Scalars
            : Gen.Frequency(
                (1, Scalars),
                (2, Lists(Values(depth - 1)).Select(items => $"[{string.Join(',', items)}]")),
                (3, Objects(depth))
            );

    private static Gen<string> Objects(int depth) =>
        from names in Strings.ArrayOf()
        from values in Lists(Values(depth - 1))
        let members = names.Distinct(StringComparer.Ordinal).Zip(values, (name, value) => $"{name}:{value}")
        select $"{{{string.Join(',', members)}}}";

    private static Gen<string[]> Lists(Gen<string> items) =>
        from count in Gen.Choose(0, 6)
        from list in Spaced(items).ArrayOf(count)
        select list;

    private static Gen<string> Spaced(Gen<string> items) =>
        from before in Spaces
        from item in items
        from after in Spaces
        select before + item + after;

    /// <summary>True if both refuse the text, or both read the same; a tape must also refuse duplicate names.</summary>
    private static bool Agrees(JsonTape tape, string text)
    {
        bool isRead = tape.TryParse(Json.Utf8(text), out JsonFault fault);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return !isRead && fault.Reason is JsonFaultReason.NotJson or JsonFaultReason.DuplicateKey;
        }

        using (document)
        {
            return isRead && IsSame(document.RootElement, tape.Root);
        }
    }

    private static bool IsSame(JsonElement expected, JsonCursor actual)
    {
        if (Encoding.UTF8.GetString(actual.RawUtf8) != expected.GetRawText())
        {
            return false;
        }

        return expected.ValueKind switch
        {
            JsonValueKind.Object => actual.Kind == JsonKind.Object && IsSameObject(expected, actual),
            JsonValueKind.Array => actual.Count == expected.GetArrayLength()
                && expected.EnumerateArray().Zip(actual.Elements(), IsSame).All(same => same),
            JsonValueKind.String => actual.GetString() == expected.GetString()
                && actual.ValueEquals(Json.Utf8(expected.GetString()!)),
            JsonValueKind.Number => actual.TryGetDecimal(out decimal value) && value == expected.GetDecimal(),
            JsonValueKind.True => actual.Kind == JsonKind.True,
            JsonValueKind.False => actual.Kind == JsonKind.False,
            _ => actual.Kind == JsonKind.Null,
        };
    }

    private static bool IsSameObject(JsonElement expected, JsonCursor actual)
    {
        List<(string Name, string Raw)> members = [];
        foreach (JsonMember member in actual.EnumerateObject())
        {
            members.Add((member.Name, Encoding.UTF8.GetString(member.Value.RawUtf8)));
        }

        return actual.Count == members.Count
            && members.SequenceEqual(expected.EnumerateObject().Select(p => (p.Name, p.Value.GetRawText())))
            && expected.EnumerateObject().All(p => IsSame(p.Value, actual.At(p.Name)))
            && actual.At("no such name").IsMissing;
    }
}
