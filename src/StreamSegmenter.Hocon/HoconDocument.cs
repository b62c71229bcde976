using StreamSegmenter.Hocon.Merging;
using StreamSegmenter.Hocon.Resolution;
using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon;

/// <summary>
/// A HOCON document, read with its includes but not yet resolved: substitutions are looked up by
/// <see cref="Resolve"/>, after all layers have been put together with <see cref="WithFallback"/>, so that a value in
/// an upper layer feeds the substitutions of a lower one. Immutable; safe for concurrent use.
/// </summary>
public sealed class HoconDocument
{
    private readonly Cell _root;
    private readonly HoconReaderOptions _options;

    private HoconDocument(Cell root, HoconReaderOptions options)
    {
        _root = root;
        _options = options;
    }

    /// <summary>A document without fields.</summary>
    public static HoconDocument Empty { get; } = Parse("", "empty document");

    /// <summary>
    /// Reads a file and what it includes. The extension tells the format: <c>.json</c>, <c>.properties</c>, else HOCON.
    /// Throws <see cref="HoconException"/> when the file is missing, unreadable or wrong.
    /// </summary>
    public static HoconDocument Load(string path, HoconReaderOptions options)
    {
        var root =
            DocumentBuilder.Load(path, options)
            ?? throw new HoconException(HoconOrigin.Text(path), "the file does not exist; correct its name");
        return new HoconDocument(root, options);
    }

    /// <summary>
    /// Reads a text. <paramref name="origin"/> is its name in messages; relative includes start beside it.
    /// Without options there are no files and no environment. Throws <see cref="HoconException"/>.
    /// </summary>
    public static HoconDocument Parse(string text, string origin, HoconReaderOptions? options = null)
    {
        options ??= HoconReaderOptions.Isolated;
        return new HoconDocument(DocumentBuilder.Parse(text, origin, options), options);
    }

    /// <summary>
    /// This document over another: as if the text of <paramref name="lower"/> came first, then this one's.
    /// Limits and environment are this document's.
    /// </summary>
    public HoconDocument WithFallback(HoconDocument lower)
    {
        var merged = lower._root.Copy();
        merged.PushAll(_root.Copy());
        return new HoconDocument(merged, _options);
    }

    /// <summary>
    /// Looks up all substitutions. The result is a <see cref="HoconObject"/> unless the text is an array.
    /// Throws <see cref="HoconException"/> on an undefined or circular substitution, on values that cannot be
    /// joined, and when a limit is passed.
    /// </summary>
    public HoconValue Resolve() => Resolver.Resolve(_root, _options);

    /// <summary>As <see cref="Resolve"/>, and the root must be an object.</summary>
    public HoconObject ResolveObject() =>
        Resolve() is var root && root is HoconObject o
            ? o
            : throw new HoconException(root.Origin, $"expected an object at the root, found {root.Description}");
}
