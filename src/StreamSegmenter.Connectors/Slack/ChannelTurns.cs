using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Slack;

/// <summary>
/// Whose turn it is in channels that asked to wait: each push is promised a time of its own, one after the other, and
/// keeps it however many come after it. Thread-safe. Channels that do not fit are forgotten, and asked again.
/// </summary>
/// <param name="interval">From one push of a channel to the next.</param>
internal sealed class ChannelTurns(TimeProvider time, TimeSpan interval)
{
    private const int MaxChannels = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>How long the push has to wait still; null if it is its turn.</summary>
    public TimeSpan? Remaining(string channel, PushId push)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_lines.TryGetValue(channel, out var line))
            {
                return null;
            }

            if (line.IsOver(now))
            {
                _lines.Remove(channel);
                return null;
            }

            var turn = line.Turn(push, now);
            return turn > now ? turn - now : null;
        }
    }

    /// <summary>
    /// The channel asked to wait with this push, which is then the first. Returns how long it has to wait.
    /// </summary>
    public TimeSpan Hold(string channel, PushId push, TimeSpan wait)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_lines.Count >= MaxChannels)
            {
                foreach (string over in _lines.Where(line => line.Value.IsOver(now)).Select(line => line.Key).ToList())
                {
                    _lines.Remove(over);
                }
            }

            if (!_lines.TryGetValue(channel, out var line) || line.IsOver(now))
            {
                line = new Line(interval);
                if (_lines.Count < MaxChannels || _lines.ContainsKey(channel))
                {
                    _lines[channel] = line;
                }
            }

            return line.Hold(push, now, wait) - now;
        }
    }

    /// <summary>
    /// The pushes that wait for one channel. While it pauses, the times that were promised move on: they are kept as
    /// they would be had it never paused, and <see cref="_pauses"/> added.
    /// </summary>
    private sealed class Line(TimeSpan interval)
    {
        private const int FirstSweep = 1_000;

        // A push that comes later than this after its turn has lost it; where none comes for so long, those that wait
        // were given up elsewhere, and their turns would be nobody's.
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

        private readonly Dictionary<PushId, DateTimeOffset> _promised = [];
        private DateTimeOffset _end;
        private DateTimeOffset _pausedUntil;
        private DateTimeOffset _lastTaken;
        private TimeSpan _pauses;
        private int _nextSweep = FirstSweep;

        /// <summary>Whether all turns that were promised have come, or nobody comes for them.</summary>
        public bool IsOver(DateTimeOffset now) =>
            _end + _pauses <= now || Later(_lastTaken, _pausedUntil) + Patience < now;

        /// <summary>When it is the push's turn; if that is now, it has been taken.</summary>
        public DateTimeOffset Turn(PushId push, DateTimeOffset now)
        {
            if (!_promised.TryGetValue(push, out var promised))
            {
                promised = _end;
                Promise(push, promised, now);
            }

            var turn = Later(promised + _pauses, _pausedUntil);
            if (turn <= now)
            {
                _promised.Remove(push);
                _lastTaken = now;
            }

            return turn;
        }

        public DateTimeOffset Hold(PushId push, DateTimeOffset now, TimeSpan wait)
        {
            var since = Later(_pausedUntil, now);
            if (now + wait > since)
            {
                _pausedUntil = now + wait;
                _pauses += _pausedUntil - since;
            }

            _pauses += interval; // makes room for it before the others
            Promise(push, _pausedUntil - _pauses, now);
            return _pausedUntil;
        }

        private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

        private void Promise(PushId push, DateTimeOffset turn, DateTimeOffset now)
        {
            _promised[push] = turn;
            _end = Later(turn + interval, _end);
            if (_promised.Count >= _nextSweep)
            {
                foreach (var (other, lost) in _promised)
                {
                    if (lost + _pauses + Patience < now)
                    {
                        _promised.Remove(other);
                    }
                }

                _nextSweep = Math.Max(FirstSweep, 2 * _promised.Count);
            }
        }
    }
}
