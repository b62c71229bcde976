namespace StreamSegmenter.Cmd.Tests.Support;

/// <summary>A line of simulate's output, put together by hand.</summary>
internal static class TransitionLine
{
    public static string Of(string at, string customer, string segment, string transition, string cause)
    {
        string[] fields =
        [
            $"\"at\":\"{at}\"",
            $"\"customer\":\"{customer}\"",
            $"\"segment\":\"{segment}\"",
            $"\"transition\":\"{transition}\"",
            $"\"cause\":\"{cause}\"",
        ];
        return $"{{{string.Join(',', fields)}}}";
    }
}
