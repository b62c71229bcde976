namespace StreamSegmenter.Hocon.Values;

/// <summary>A text under the name that messages give it.</summary>
internal sealed class SourceText(string name, string text)
{
    public WrittenPlace PlaceOf(int position)
    {
        var before = text.AsSpan(0, position);
        var start = before.LastIndexOf('\n') + 1;
        var rest = text.AsSpan(position);
        var end = rest.IndexOf('\n') is var newline and >= 0 ? position + newline : text.Length;
        var origin = HoconOrigin.Text(name, before.Count('\n') + 1, position - start + 1);
        return new(origin, text[start..end].TrimEnd('\r'));
    }
}
