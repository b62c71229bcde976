using System.Diagnostics;

namespace StreamSegmenter.Kafka.Tests.Support;

/// <summary>Waits for what other processes do: a condition and a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static async Task HoldsAsync(Func<bool> condition, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > s_limit)
            {
                Assert.Fail(otherwise());
            }

            await Task.Delay(10);
        }
    }
}
