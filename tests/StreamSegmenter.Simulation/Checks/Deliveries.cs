using StreamSegmenter.Conformance.Expectations;
using StreamSegmenter.Oracle;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Simulation.Servers;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Simulation.Checks;

/// <summary>I4, I5, I6: from the history to the outbox, and from there to the providers.</summary>
internal sealed class Deliveries(WorldParts world, IReadOnlyList<OracleTransition> history)
{
    private readonly StateLedger _ledger = world.Store.Ledger;
    private readonly Dictionary<PushId, (NewPush Push, DateTimeOffset At)> _rows = [];

    public void Check()
    {
        CheckRows();
        foreach (Provider provider in world.Providers)
        {
            Dictionary<PushId, ProviderEffect> effects = CheckEffects(provider);
            CheckEnds(provider, effects);
            CheckOrder(provider);
        }
    }

    // I4: a push for each transition and target, and none else.
    private void CheckRows()
    {
        foreach ((StoreEntry entry, EffectBatch batch) in _ledger.Effects)
        {
            foreach (NewPush push in batch.Pushes)
            {
                Require(_rows.TryAdd(push.Id, (push, entry.At)), $"I4: push {push.Id} was made twice");
            }
        }

        HashSet<PushId> expected =
        [
            .. ExpectedPushes.Of(history.OrderBy(one => one.At).ThenBy(one => one.Sequence), world.Actions),
        ];
        Require(expected.SetEquals(_rows.Keys), "I4: the outbox does not hold the pushes that the history leads to");
    }

    // I5: one effect for each key, never before its push was on stable storage, with the contents of the push.
    private Dictionary<PushId, ProviderEffect> CheckEffects(Provider provider)
    {
        Dictionary<PushId, ProviderEffect> effects = [];
        world.Violations.AddRange(provider.Contradictions.Select(contradiction => "I5: " + contradiction));
        foreach (ProviderEffect effect in provider.Effects)
        {
            Require(effects.TryAdd(effect.Key, effect), $"I5: {provider.Name} did {effect.Key} twice");
            if (!_rows.TryGetValue(effect.Key, out var row))
            {
                world.Violations.Add($"I5: {provider.Name} did {effect.Key}, which nobody made");
                continue;
            }

            Require(row.At <= effect.At, $"I5: {provider.Name} did {effect.Key} before it was committed");
            Require(
                row.Push.Connector == provider.Name
                    && row.Push.Customer == effect.Customer
                    && Convert.ToBase64String(row.Push.Content.Span) == effect.Content,
                $"I5: {provider.Name} did {effect.Key} otherwise than it was meant"
            );
        }

        return effects;
    }

    // I5: delivered means that it was done, dead that it was refused, and nothing is left.
    private void CheckEnds(Provider provider, Dictionary<PushId, ProviderEffect> effects)
    {
        foreach ((PushId id, (NewPush push, _)) in _rows)
        {
            if (push.Connector != provider.Name)
            {
                continue;
            }

            OutboxUpdate? end = _ledger.Ends.TryGetValue(id, out var found) ? found.Update : null;
            bool right = end switch
            {
                OutboxUpdate.Delivered => effects.ContainsKey(id) && effects[id].At <= found.At,
                OutboxUpdate.Dead => provider.Refuses(id) && !effects.ContainsKey(id),
                _ => false,
            };
            Require(right, $"I5: push {id} to {provider.Name} ended as {end}, done: {effects.ContainsKey(id)}");
        }
    }

    // I6: what a provider did for one customer, it did in the order in which the pushes were made.
    private void CheckOrder(Provider provider)
    {
        Dictionary<CustomerId, long> last = [];
        foreach (ProviderEffect effect in provider.Effects.Where(effect => _rows.ContainsKey(effect.Key)))
        {
            long sequence = _rows[effect.Key].Push.Sequence;
            Require(
                sequence > last.GetValueOrDefault(effect.Customer),
                $"I6: {provider.Name} did {sequence} of {effect.Customer} after {last.GetValueOrDefault(effect.Customer)}"
            );
            last[effect.Customer] = sequence;
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Violations.Add(otherwise);
        }
    }
}
