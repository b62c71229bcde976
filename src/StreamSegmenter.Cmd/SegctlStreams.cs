namespace StreamSegmenter.Cmd;

/// <summary>What segctl reads and writes. Opening standard input is put off until it is asked for.</summary>
internal sealed record SegctlStreams(Func<Stream> Input, Stream Output, Stream Error)
{
    public static SegctlStreams OfProcess() =>
        new(Console.OpenStandardInput, Console.OpenStandardOutput(), Console.OpenStandardError());
}
