namespace StreamSegmenter.Cmd;

internal static class Program
{
    public static Task<int> Main(string[] args) => Segctl.RunAsync(args, SegctlStreams.OfProcess());
}
