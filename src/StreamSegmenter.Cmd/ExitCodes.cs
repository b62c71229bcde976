namespace StreamSegmenter.Cmd;

/// <summary>What segctl tells its caller.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>
    /// Wrong arguments, a configuration that cannot be used, or a file that cannot be read: nothing was done.
    /// </summary>
    public const int Refused = 1;

    /// <summary>All done, but some events were not valid.</summary>
    public const int DeadLetters = 2;

    /// <summary>All done, but some cases did not come out as they must.</summary>
    public const int FailedCases = 2;

    /// <summary>Nothing was done, for there is something already that is not as it should be.</summary>
    public const int Differs = 2;
}
