namespace StreamSegmenter.Cmd.Simulate;

/// <summary>One line of the input that is not blank.</summary>
/// <param name="Number">Counted from 1, blank lines included.</param>
/// <param name="Text">
/// The line without its end, or only its beginning if it is longer than allowed. Valid until the next line is taken.
/// </param>
/// <param name="Length">Bytes of the whole line.</param>
internal readonly record struct EventLine(long Number, ReadOnlyMemory<byte> Text, long Length);
