namespace StreamSegmenter.Hocon.Values;

/// <summary>A place in a text that was read.</summary>
/// <param name="Origin">Text, line and column.</param>
/// <param name="Line">The whole line that stands there, without its end.</param>
public readonly record struct WrittenPlace(HoconOrigin Origin, string Line);
