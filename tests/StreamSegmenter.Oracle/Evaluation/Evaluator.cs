using System.Diagnostics;
using StreamSegmenter.Oracle.Events;
using StreamSegmenter.Oracle.Language;
using StreamSegmenter.Oracle.Values;

namespace StreamSegmenter.Oracle.Evaluation;

/// <summary>
/// Works out conditions and values of one customer at one instant, from nothing but the customer's list of events.
/// </summary>
internal sealed class Evaluator(CustomerHistory history, CalendarPeriods calendar, long now)
{
    private readonly Dictionary<string, bool> _segments = new(StringComparer.Ordinal);

    public CustomerHistory History { get; } = history;

    public CalendarPeriods Calendar { get; } = calendar;

    public long Now { get; } = now;

    /// <summary>
    /// The segment's value now; brings its <c>for</c> conditions up to date. To be called for every segment in
    /// order of dependency.
    /// </summary>
    public bool Evaluate(Segment segment)
    {
        foreach (var held in segment.Held)
        {
            if (!Holds(held.Inner))
            {
                History.TrueSince.Remove(held);
            }
            else
            {
                History.TrueSince.TryAdd(held, Now);
            }
        }

        return _segments[segment.Name] = Holds(segment.Rule);
    }

    public bool Holds(Node node, Scope scope = default) =>
        node switch
        {
            Either or => Holds(or.Left, scope) || Holds(or.Right, scope),
            Both and => Holds(and.Left, scope) && Holds(and.Right, scope),
            Not not => !Holds(not.Inner, scope),
            HeldFor held => History.TrueSince.TryGetValue(held, out var since) && Now - since >= held.Duration,
            Compare compare => Pairs(compare.Left, compare.Right, scope)
                .Any(pair => Comparison.Holds(compare.Relation, pair.Left, pair.Right)),
            InList inList => Values(inList.Subject, scope).Any(value => IsListed(inList, value)),
            TextTest test => Pairs(test.Subject, test.Sought, scope)
                .Any(pair => Passes(test.Kind, pair.Left, pair.Right)),
            Matches matches => Values(matches.Subject, scope)
                .OfType<Text>()
                .Any(text => matches.Pattern.IsMatch(text.Content)),
            Presence presence => Values(presence.Subject, scope).Any() == presence.WantsPresent,
            AnyElement any => ElementsOf(any.Array, scope)
                .Any(element => Holds(any.Inner, scope with { Payload = element })),
            _ => Values(node, scope).Any(value => value is Truth { Holds: true }),
        };

    public IReadOnlyList<Value> Values(Node node, Scope scope = default) =>
        node switch
        {
            Literal literal => [literal.Value],
            PathValue path => path.Path.Resolve(RootOf(path, scope)),
            Negated negated => [.. Values(negated.Inner, scope).Select(Arithmetic.Negate).OfType<Value>()],
            Calculation calculation =>
            [
                .. Pairs(calculation.Left, calculation.Right, scope)
                    .Select(pair => Arithmetic.Apply(calculation.Operation, pair.Left, pair.Right))
                    .OfType<Value>(),
            ],
            Aggregate aggregate => new AggregateEvaluation(this).Value(aggregate) is { } value ? [value] : [],
            Sequence sequence => [new Truth(new SequenceEvaluation(this, sequence).Completed())],
            InSegment inSegment => [new Truth(_segments[inSegment.Segment])],
            OutsideValue { Kind: OutsideKind.Consent, Trait.Steps: [_, { } channel] } => History.Consents.TryGetValue(
                (channel, "*"),
                out var granted
            )
                ? [new Truth(granted)]
                : [],
            OutsideValue outside => [.. outside.Trait.Resolve(History.Profile).Where(value => value is Number)],
            _ => throw new UnreachableException(),
        };

    public IEnumerable<CustomerEvent> Matching(Source source) => History.Events.Where(e => Matches(source, e));

    public bool Matches(Source source, CustomerEvent candidate) =>
        (source.Event is null || source.Event == candidate.Name)
        && (source.Path is null || At(source.Path, candidate).Any())
        && (source.Where is null || Holds(source.Where, new Scope(candidate.Payload, candidate.Envelope)));

    public static IReadOnlyList<Value> At(EventPath path, CustomerEvent e) =>
        path.Path.Resolve(path.Envelope ? e.Envelope : e.Payload);

    /// <summary>Whether a window holds what happened at an instant.</summary>
    public bool IsInside(Window window, long instant) =>
        instant <= Now
        && window switch
        {
            Sliding sliding => instant > Now - sliding.Duration - sliding.Offset && instant <= Now - sliding.Offset,
            ThisPeriod period => instant >= Calendar.StartAt(period.Period, Now),
            AfterEvent after => Anchor(after) is not { } anchor || instant > anchor.Time,
            _ => true,
        };

    private CustomerEvent? Anchor(AfterEvent after) =>
        after.Last ? Matching(after.Anchor).LastOrDefault() : Matching(after.Anchor).FirstOrDefault();

    private IEnumerable<(Value Left, Value Right)> Pairs(Node left, Node right, Scope scope) =>
        from l in Values(left, scope)
        from r in Values(right, scope)
        select (l, r);

    private IEnumerable<Value?> ElementsOf(PathValue path, Scope scope)
    {
        var found = path.Path.Resolve(RootOf(path, scope));
        return path.Path.EndsFlattened ? found : found.OfType<Elements>().SelectMany(array => array.Items);
    }

    private Value? RootOf(PathValue path, Scope scope) =>
        path.Root switch
        {
            PathRoot.Profile => History.Profile,
            PathRoot.Envelope => scope.Envelope,
            _ => scope.Payload,
        };

    private static bool IsListed(InList inList, Value value)
    {
        var comparable = inList.List.Where(element => Comparison.SameScalarType(element.Value, value)).ToList();
        return comparable.Count > 0
            && comparable.Any(element => Comparison.Equal(element.Value, value)) != inList.Negated;
    }

    private static bool Passes(TextTestKind kind, Value subject, Value sought) =>
        (kind, subject, sought) switch
        {
            (TextTestKind.Contains, Elements array, _) => array
                .Items.OfType<Value>()
                .Any(item => Comparison.Equal(item, sought)),
            (TextTestKind.Contains, Text s, Text part) => s.Content.Contains(part.Content, StringComparison.Ordinal),
            (TextTestKind.StartsWith, Text s, Text part) => s.Content.StartsWith(
                part.Content,
                StringComparison.Ordinal
            ),
            (TextTestKind.EndsWith, Text s, Text part) => s.Content.EndsWith(part.Content, StringComparison.Ordinal),
            _ => false,
        };
}

/// <summary>What bare and <c>@</c> paths mean: the event under a <c>where</c>, or one element of it.</summary>
internal readonly record struct Scope(Value? Payload, Fields? Envelope);
