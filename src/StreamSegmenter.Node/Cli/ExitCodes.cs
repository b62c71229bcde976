namespace StreamSegmenter.Node.Cli;

/// <summary>What the program's exit code tells.</summary>
internal static class ExitCodes
{
    /// <summary>It did what was asked, or stopped because it was asked to.</summary>
    public const int Ok = 0;

    /// <summary>The command line or the configuration is wrong; nothing was started.</summary>
    public const int Misconfigured = 1;

    /// <summary>It failed while running; what was accepted is safe, and a restart continues.</summary>
    public const int Failed = 3;

    public const string Help = """

        Exit codes:
          0  done, or stopped by Ctrl-C or SIGTERM after everything in hand was committed
          1  the command line or the configuration is wrong; nothing was started
          3  failed while running; what was accepted is safe, and a restart continues
        """;
}
