using System.Text;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Segmentation.Tests.Events.Support;

/// <summary>Shorthands for texts on tapes.</summary>
internal static class Json
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static JsonCursor Parse(string text, EventLimits? limits = null)
    {
        var tape = new JsonTape(limits ?? EventLimits.Default);
        tape.TryParse(Utf8(text), out JsonFault fault).ShouldBeTrue(fault.Message);
        return tape.Root;
    }

    public static JsonFault Refuse(string text, EventLimits? limits = null) => Refuse(Utf8(text), limits);

    public static JsonFault Refuse(byte[] text, EventLimits? limits = null)
    {
        var tape = new JsonTape(limits ?? EventLimits.Default);
        tape.TryParse(text, out JsonFault fault).ShouldBeFalse();
        tape.Root.IsMissing.ShouldBeTrue();
        fault.Message.ShouldNotBeEmpty();
        return fault;
    }

    public static JsonCursor At(this JsonCursor cursor, string name)
    {
        cursor.TryGetProperty(Utf8(name), out JsonCursor value);
        return value;
    }

    public static List<JsonCursor> Elements(this JsonCursor array)
    {
        List<JsonCursor> elements = [];
        foreach (JsonCursor element in array)
        {
            elements.Add(element);
        }

        return elements;
    }

    public static decimal Number(this JsonCursor cursor)
    {
        cursor.TryGetDecimal(out decimal value).ShouldBeTrue();
        return value;
    }
}
