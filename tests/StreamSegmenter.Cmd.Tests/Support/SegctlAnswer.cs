namespace StreamSegmenter.Cmd.Tests.Support;

/// <summary>What a run of segctl said.</summary>
internal sealed record SegctlAnswer(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
