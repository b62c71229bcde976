using Confluent.Kafka;

namespace StreamSegmenter.Kafka.Client;

/// <summary>
/// A producer that is made with its first use, and made anew once it has failed for good. The former one goes when
/// nobody uses it any more and it has reported on all that it was given. Thread-safe.
/// </summary>
/// <param name="make">Makes one; calls what it is given when that has failed for good.</param>
/// <param name="longest">How long a producer may take to report on a record.</param>
internal sealed class LastingProducer(Func<Action, IProducer<byte[]?, byte[]?>> make, TimeSpan longest)
{
    // The client looks only now and then for records whose time is over.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Generation? _current;
    private bool _hasEnded;

    /// <summary>
    /// Begins to use the producer, which stays until what is returned is disposed: hand records over and let go; their
    /// reports come all the same.
    /// </summary>
    /// <exception cref="ObjectDisposedException"><see cref="EndAsync"/> was called.</exception>
    /// <exception cref="KafkaSetupException">A producer cannot be made.</exception>
    public Use Begin()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_hasEnded, this);
            _current ??= Make();
            _current.Users++;
            return new(this, _current);
        }
    }

    /// <summary>Ends the producer, once it has reported on everything or <paramref name="patience"/> is over.</summary>
    public Task EndAsync(TimeSpan patience)
    {
        lock (_gate)
        {
            _hasEnded = true;
            Generation? last = _current;
            Retire(last, patience);
            return last?.Ended.Task ?? Task.CompletedTask;
        }
    }

    private Generation Make()
    {
        Generation made = new();
        made.Producer = make(() => Fail(made));
        return made;
    }

    private void Fail(Generation failed)
    {
        lock (_gate)
        {
            Retire(failed, longest + s_grace);
        }
    }

    private void Retire(Generation? generation, TimeSpan patience)
    {
        if (generation is { Patience: null })
        {
            generation.Patience = patience;
            _current = _current == generation ? null : _current;
            EndUnused(generation);
        }
    }

    private void Release(Generation used)
    {
        lock (_gate)
        {
            used.Users--;
            EndUnused(used);
        }
    }

    // Elsewhere, since the producer's own callback must not wait for the producer's end.
    private static void EndUnused(Generation generation)
    {
        if (generation is { Patience: { } patience, Users: 0 })
        {
            _ = Task.Run(() => End(generation, patience));
        }
    }

    // What a producer has not reported when it is disposed, it never will.
    private static void End(Generation generation, TimeSpan patience)
    {
        try
        {
            generation.Producer.Flush(patience);
        }
        finally
        {
            generation.Producer.Dispose();
            generation.Ended.SetResult();
        }
    }

    /// <summary>One use of one producer.</summary>
    public readonly struct Use : IDisposable
    {
        private readonly LastingProducer _owner;
        private readonly Generation _generation;

        internal Use(LastingProducer owner, Generation generation) => (_owner, _generation) = (owner, generation);

        public IProducer<byte[]?, byte[]?> Producer => _generation.Producer;

        public void Dispose() => _owner.Release(_generation);
    }

    /// <summary>A producer and who uses it; its owner's lock guards it.</summary>
    internal sealed class Generation
    {
        public IProducer<byte[]?, byte[]?> Producer { get; set; } = null!;

        public int Users { get; set; }

        /// <summary>Set when nobody is to use it any more.</summary>
        public TimeSpan? Patience { get; set; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
