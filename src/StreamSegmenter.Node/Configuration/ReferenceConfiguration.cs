using StreamSegmenter.Hocon;

namespace StreamSegmenter.Node.Configuration;

/// <summary>The lowest layer of every configuration: each key with its default and what it means.</summary>
public static class ReferenceConfiguration
{
    private const string Name = "reference.conf";

    /// <summary>The text, as it is for people to read.</summary>
    public static string Text { get; } = Read();

    public static HoconDocument Document { get; } = HoconDocument.Parse(Text, Name);

    /// <summary>Whether a value stands there because nobody wrote another.</summary>
    internal static bool Holds(HoconOrigin? place) => place is { Kind: HoconOriginKind.Text, Source: Name };

    private static string Read()
    {
        using var stream =
            typeof(ReferenceConfiguration).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The assembly was built without {Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
