namespace StreamSegmenter.Cmd;

internal static class Program
{
    public static int Main() => 0;
}
