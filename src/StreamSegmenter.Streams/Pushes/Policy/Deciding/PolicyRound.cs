using System.Diagnostics;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Pushes.Policy.Settings;

namespace StreamSegmenter.Streams.Pushes.Policy.Deciding;

/// <summary>The decisions on one customer's waiting pushes at one instant.</summary>
internal sealed class PolicyRound
{
    private readonly PolicyTerms _terms;
    private readonly Timestamp _now;
    private readonly IReadOnlyList<PendingPush> _pending;
    private readonly List<PolicyPush> _pushes = [];
    private readonly HashSet<PushId> _out;
    private readonly Dictionary<PushId, PolicyDecision.Drop> _ended = [];
    private readonly Dictionary<PushId, PolicyDecision> _decisions = [];
    private readonly List<(Candidate Candidate, FullCap Full)> _replaceable = [];
    private readonly EndCheck _ends;
    private readonly CapLedger _caps;

    public PolicyRound(PolicyTerms terms, CustomerFacts facts, IReadOnlyList<PendingPush> pending, Timestamp now)
    {
        (_terms, _now, _pending) = (terms, now, pending);
        foreach (PendingPush push in pending)
        {
            if (terms.Governs(push.Push.Connector) && terms.Find(push.Push.Connector) is { } connector)
            {
                _pushes.Add(terms.Reader.Read(push, connector));
            }
        }

        _out = [.. facts.Grants.Select(static grant => grant.Push)];
        _out.UnionWith(pending.Where(WasLetOut).Select(static push => push.Push.Id));
        _ends = new(
            terms,
            facts,
            now,
            id => facts.Unsent.Contains(id) || (_ended.ContainsKey(id) && !_out.Contains(id))
        );
        _caps = new(terms, facts.Grants, now);
    }

    public IReadOnlyList<PolicyDecision> Decide()
    {
        // What ends may free what waited behind it, and may be the reason for which something else ends.
        int ended;
        do
        {
            ended = FindEnds();
            LetOut();
        } while (_ended.Count > ended);

        return [.. _pending.Select(Decided)];
    }

    private static bool WasLetOut(PendingPush push) => push.GrantedAt is not null || push.Push.Attempts > 0;

    private PolicyDecision Decided(PendingPush push)
    {
        PushId id = push.Push.Id;
        return _ended.TryGetValue(id, out PolicyDecision.Drop? end) ? end
            : _terms.Governs(push.Push.Connector) ? _decisions[id]
            : new PolicyDecision.Send(id, Purpose(push.Push.Connector), "ok");
    }

    private string Purpose(ConnectorName ungoverned) => _terms.Find(ungoverned)?.Purpose ?? PurposeOptions.Operations;

    /// <summary>How many pushes have ended, with those found now.</summary>
    private int FindEnds()
    {
        foreach (PolicyPush push in _pushes.Where(push => !_ended.ContainsKey(push.Id)))
        {
            if (_ends.Find(push, _out.Contains(push.Id)) is { } reason)
            {
                End(push, reason);
            }
        }

        return _ended.Count;
    }

    /// <summary>Decides on everything that has not ended, the most important first.</summary>
    private void LetOut()
    {
        _decisions.Clear();
        _caps.Forget();
        _replaceable.Clear();
        var ready = new PriorityQueue<Candidate, (int, Timestamp, long)>();
        foreach (var pushes in _pushes.Where(push => !_ended.ContainsKey(push.Id)).GroupBy(push => push.ConnectorName))
        {
            foreach (Candidate candidate in Candidate.Join(PassRetries(pushes)).Where(static c => c.IsFirst))
            {
                ready.Enqueue(candidate, candidate.Rank);
            }
        }

        while (ready.TryDequeue(out Candidate? candidate, out _))
        {
            Decide(candidate);
            ready.EnqueueRange(candidate.Followers.Select(static follower => (follower, follower.Rank)));
        }

        Replace();
    }

    /// <summary>Decides on what was let out before and on what is held up by it; gives back the rest.</summary>
    /// <param name="pushes">Of one connector.</param>
    private List<PolicyPush> PassRetries(IEnumerable<PolicyPush> pushes)
    {
        var open = new List<PolicyPush>();
        var quiet = new Dictionary<SegmentName, (PushId Push, Timestamp Until)>();
        PolicyPush? retried = null;
        foreach (PolicyPush push in pushes)
        {
            bool isOut = _out.Contains(push.Id);
            if (retried is not null)
            {
                Wait(push, retried.Pending.NotBefore, $"order: {retried.Id} is tried again first");
            }
            else if (push.Segment is { } its && quiet.TryGetValue(its, out var before))
            {
                Wait(push, before.Until, $"order: {before.Push} of the same segment goes first");
            }
            else if (isOut && _terms.QuietUntil(push, _now) is { } end)
            {
                // For a whole night it holds up what it would hold up if it had not been tried, and no more.
                Timestamp until = Timestamp.Max(end, push.Pending.DueAt);
                Wait(push, until, $"quiet-hours: until {end}, {_terms.ZoneOf(push)}");
                if (push.Segment is { } segment)
                {
                    quiet[segment] = (push.Id, until);
                }
            }
            else if (isOut && push.Pending.DueAt > _now)
            {
                retried = push;
                Wait(push, push.Pending.NotBefore, "retry: it was tried before");
            }
            else if (isOut)
            {
                _decisions[push.Id] = new PolicyDecision.Send(push.Id, push.Purpose.Name, "ok: it was let out before");
            }
            else
            {
                open.Add(push);
            }
        }

        return open;
    }

    private void Decide(Candidate candidate)
    {
        if (
            candidate.Behind is { } before
            && _decisions.GetValueOrDefault(before.Carrier.Id) is not PolicyDecision.Send
        )
        {
            HoldBack(candidate, before);
        }
        else if (candidate.GatheredAt(_now) is var gathered && gathered > _now)
        {
            Wait(candidate, gathered, $"digest: gathers until {gathered}");
        }
        else if (_terms.QuietUntil(candidate.Carrier, _now) is { } end)
        {
            Wait(candidate, end, $"quiet-hours: until {end}, {_terms.ZoneOf(candidate.Carrier)}");
        }
        else if (_caps.FindFull(candidate.Carrier) is { Count: > 0 } full)
        {
            Defer(candidate, full);
        }
        else
        {
            Send(candidate);
        }
    }

    private void HoldBack(Candidate candidate, Candidate before)
    {
        // Behind something that has just ended it stays undecided: what ends makes another round.
        if (_decisions.GetValueOrDefault(before.Carrier.Id) is PolicyDecision.Wait held)
        {
            Wait(candidate, held.Until, $"order: {before.Carrier.Id} of the same segment goes first");
        }
    }

    private void Send(Candidate candidate)
    {
        PolicyPush carrier = candidate.Carrier;
        _caps.Add(carrier);
        int others = candidate.Pushes.Count - 1;
        string reason = others == 0 ? "ok" : $"ok: carries {others} more";
        _decisions[carrier.Id] = new PolicyDecision.Send(carrier.Id, carrier.Purpose.Name, reason);
        foreach (PolicyPush push in candidate.Pushes.Skip(1))
        {
            _decisions[push.Id] = new PolicyDecision.Merge(push.Id, carrier.Id, $"digest: a part of {carrier.Id}");
        }
    }

    private void Defer(Candidate candidate, IReadOnlyList<FullCap> full)
    {
        FullCap last = full.MaxBy(static cap => cap.Until.Milliseconds)!;
        FullCap? certain = full.FirstOrDefault(static cap => cap.IsCertain);
        if (certain is not null && candidate.Carrier.Rules.OverCap == OverCap.Drop)
        {
            End(candidate, $"over-cap: {Described(certain)}");
            return;
        }

        string reason = last.IsCertain
            ? $"capped: {Described(last)}; room at {last.Until}"
            : $"outranked: {Described(last)}; something more important may go out";
        Wait(candidate, last.Until, reason);
        if (certain is not null && candidate.Carrier.Rules.OverCap == OverCap.Replace)
        {
            _replaceable.Add((candidate, certain));
        }
    }

    /// <summary>
    /// Of those that wait at a cap to be replaced, leaves the most important one, the newest of
    /// equals.
    /// </summary>
    private void Replace()
    {
        foreach (var waiting in _replaceable.GroupBy(static entry => entry.Full.Cap, static entry => entry.Candidate))
        {
            Candidate[] byRank =
            [
                .. waiting
                    .OrderByDescending(static candidate => candidate.Importance)
                    .ThenByDescending(static candidate => candidate.Carrier.Pending.MadeAt)
                    .ThenByDescending(static candidate => candidate.Carrier.Pending.Place.Sequence),
            ];
            foreach (Candidate replaced in byRank.Skip(1))
            {
                End(replaced, $"replaced: by {byRank[0].Carrier.Id}");
            }
        }
    }

    private string Described(FullCap full)
    {
        CapOptions cap = _terms.Caps[full.Cap];
        string purpose = cap.Purpose is null ? "" : $", purpose {cap.Purpose}";
        return $"{cap.Channel ?? "all channels"}{purpose}, {cap.AtMost} within {cap.Within.ToText()}";
    }

    private void Wait(Candidate candidate, Timestamp until, string reason)
    {
        foreach (PolicyPush push in candidate.Pushes)
        {
            Wait(push, until, reason);
        }
    }

    // A push that would wait longer than it lives is asked about when it ends: until then, things may change.
    private void Wait(PolicyPush push, Timestamp until, string reason)
    {
        Timestamp asked = Timestamp.Min(until, push.ExpiresAt);
        Debug.Assert(asked > _now, "A wait ends later than now.");
        _decisions[push.Id] = new PolicyDecision.Wait(push.Id, asked, reason);
    }

    private void End(Candidate candidate, string reason)
    {
        foreach (PolicyPush push in candidate.Pushes)
        {
            End(push, reason);
        }
    }

    private void End(PolicyPush push, string reason) => _ended[push.Id] = new(push.Id, reason);
}
