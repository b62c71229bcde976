using System.Diagnostics;

namespace StreamSegmenter.EndToEnd.Tests.Processes;

/// <summary>Waits for what another process will do at a time of its own.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan limit, Func<string> otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > limit)
            {
                throw new TimeoutException($"After {limit}: {otherwise()}");
            }

            await Task.Delay(Interval);
        }
    }
}
