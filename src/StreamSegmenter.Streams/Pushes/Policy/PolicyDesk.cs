using Microsoft.Extensions.Logging;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Streams.Pushes.Policy;

/// <summary>
/// Where relays ask what policy lets out: one for all relays of a node, since caps hold over all connectors. Questions
/// that wait at the same time are answered together, with one look at the store and one transaction; so no customer is
/// decided on twice at once. An answer is given once it is on stable storage. Thread-safe.
/// </summary>
/// <param name="instruments">Count what is decided; null: nothing does.</param>
public sealed partial class PolicyDesk(
    IPushPolicy policy,
    ICustomerCaseReader cases,
    IOutbox outbox,
    TimeProvider time,
    ILogger<PolicyDesk> logger,
    PushInstruments? instruments = null
) : IDisposable
{
    // Pushes of one customer and connector that are looked at together; of more, the first in order.
    private const int MaxPending = 200;

    // Bounds what one transaction holds.
    private const int MaxCustomers = 500;

    private const long FailedPolicyPauseMs = 60_000;

    private readonly Lock _lock = new();
    private readonly List<Question> _waiting = [];
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Whether pushes of the connector have to be asked about at all.</summary>
    public bool Governs(ConnectorName connector) => policy.Governs(connector);

    public void Dispose() => _turn.Dispose();

    /// <summary>One answer for each customer, in the same order.</summary>
    /// <param name="customers">Each once, and none that the connector is trying a push of.</param>
    internal async ValueTask<IReadOnlyList<DeskAnswer>> AskAsync(
        ConnectorName connector,
        IReadOnlyList<CustomerId> customers,
        CancellationToken cancellationToken
    )
    {
        Question question = new(connector, customers);
        lock (_lock)
        {
            _waiting.Add(question);
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch
        {
            Withdraw(question);
            throw;
        }

        try
        {
            // Whoever had the turn before may have answered it already.
            return question.Answers ?? await AnswerAllAsync(question, cancellationToken);
        }
        finally
        {
            Withdraw(question);
            _turn.Release();
        }
    }

    private void Withdraw(Question question)
    {
        lock (_lock)
        {
            _waiting.Remove(question);
        }
    }

    // When it fails the others keep waiting, and each finds out for itself.
    private async ValueTask<IReadOnlyList<DeskAnswer>> AnswerAllAsync(Question own, CancellationToken cancellationToken)
    {
        List<Question> batch = Choose(own);
        CustomerId[] customers = [.. batch.SelectMany(static question => question.Customers).Distinct()];
        Timestamp now = Timestamp.From(time.GetUtcNow());
        Timestamp since = now.Minus((long)policy.GrantsReach.TotalMilliseconds);
        CaseQuestion asked = new(customers, policy.Governed, since, MaxPending, policy.AddressOf);
        Dictionary<CustomerId, CustomerCase> found = (await cases.ReadAsync(asked, cancellationToken)).ToDictionary(
            static one => one.Facts.Customer
        );
        List<(ConnectorName Connector, OutboxUpdate Update)> updates = [];
        List<List<DeskAnswer>> answers = batch.ConvertAll(question => Answer(question, found, now, updates));
        if (updates.Count > 0)
        {
            await outbox.UpdateAsync(updates.ConvertAll(static item => item.Update), cancellationToken);
            updates.ForEach(item => instruments?.Decided(item.Connector, item.Update));
        }

        lock (_lock)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].Answers = answers[i];
                _waiting.Remove(batch[i]);
            }
        }

        return own.Answers!;
    }

    private List<Question> Choose(Question own)
    {
        List<Question> batch = [own];
        int customers = own.Customers.Count;
        lock (_lock)
        {
            foreach (Question other in _waiting)
            {
                if (other != own && (customers += other.Customers.Count) <= MaxCustomers)
                {
                    batch.Add(other);
                }
            }
        }

        return batch;
    }

    // A customer whose case policy cannot decide waits; the others do not wait with it.
    private CustomerRuling? TryDecide(CustomerCase one, Timestamp now)
    {
        try
        {
            IReadOnlyList<PolicyDecision> decisions =
                one.Pending.Count == 0 ? [] : policy.Decide(one.Facts, one.Pending, now);
            bool fits =
                decisions.Count == one.Pending.Count
                && decisions.Zip(one.Pending).All(static pair => pair.First.Push == pair.Second.Push.Id);
            return fits
                ? new(one, decisions, now)
                : throw new InvalidOperationException("The policy did not answer for each push in its order.");
        }
        catch (Exception error)
        {
            LogUndecided(logger, error, one.Facts.Customer, TimeSpan.FromMilliseconds(FailedPolicyPauseMs).ToText());
            return null;
        }
    }

    // Each connector is answered by itself: what one is let out counts for the next.
    private List<DeskAnswer> Answer(
        Question question,
        Dictionary<CustomerId, CustomerCase> found,
        Timestamp now,
        List<(ConnectorName, OutboxUpdate)> updates
    )
    {
        List<DeskAnswer> answers = new(question.Customers.Count);
        foreach (CustomerId customer in question.Customers)
        {
            CustomerCase one = found[customer];
            List<OutboxUpdate> changes = [];
            answers.Add(
                TryDecide(one, now)?.For(question.Connector, changes)
                    ?? new(Go: null, now.Plus(FailedPolicyPauseMs), [])
            );
            found[customer] = one.After(changes);
            updates.AddRange(changes.Select(change => (question.Connector, change)));
        }

        return answers;
    }

    [LoggerMessage(
        3007,
        LogLevel.Error,
        "Policy cannot decide on the pushes of customer {Customer}; they wait, and are decided on again after {Pause}"
    )]
    private static partial void LogUndecided(ILogger logger, Exception error, CustomerId customer, string pause);

    private sealed class Question(ConnectorName connector, IReadOnlyList<CustomerId> customers)
    {
        public ConnectorName Connector => connector;

        public IReadOnlyList<CustomerId> Customers => customers;

        /// <summary>Set under the lock by whoever has the turn; read by whoever has it next.</summary>
        public IReadOnlyList<DeskAnswer>? Answers { get; set; }
    }
}
