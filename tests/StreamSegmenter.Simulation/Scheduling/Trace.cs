using System.Globalization;

namespace StreamSegmenter.Simulation.Scheduling;

/// <summary>
/// What happened, in order: all of it in a running hash, the last of it in words. Two runs with one hash took the same
/// course.
/// </summary>
internal sealed class Trace
{
    private const int Tail = 400;
    private const ulong Prime = 1099511628211;

    private readonly Entry[] _tail = new Entry[Tail];

    public ulong Hash { get; private set; } = 14695981039346656037;

    public long Count { get; private set; }

    /// <summary>Notes something worth reading.</summary>
    public void Add(DateTimeOffset at, string who, string what, long number = -1)
    {
        Mix((ulong)at.Ticks);
        Mix(who);
        Mix(what);
        Mix((ulong)number);
        _tail[Count++ % Tail] = new(at, who, what, number);
    }

    /// <summary>Notes a choice of the scheduler, in the hash alone.</summary>
    public void AddChoice(long ticks, int chosen, int among)
    {
        Mix((ulong)ticks);
        Mix(((ulong)(uint)chosen << 32) | (uint)among);
    }

    /// <summary>The last entries, oldest first, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        for (long i = Math.Max(0, Count - Tail); i < Count; i++)
        {
            Entry entry = _tail[i % Tail];
            string number = entry.Number < 0 ? "" : entry.Number.ToString(CultureInfo.InvariantCulture);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.At:MM-dd HH:mm:ss.fff} {entry.Who, -10} {entry.What} {number}"
            );
        }
    }

    private void Mix(string text)
    {
        foreach (char letter in text)
        {
            Hash = (Hash ^ letter) * Prime;
        }

        Mix((ulong)text.Length);
    }

    private void Mix(ulong value) => Hash = ((Hash ^ value) * Prime) ^ (Hash >> 29);

    private readonly record struct Entry(DateTimeOffset At, string Who, string What, long Number);
}
