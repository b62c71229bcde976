using System.Globalization;
using StreamSegmenter.Node.Api;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Administration;

namespace StreamSegmenter.Node.Pushes;

/// <summary>Which pushes a request's query names.</summary>
internal sealed record PushQuery(PushFilter Filter, PushCursor? After, int Limit)
{
    /// <summary>Those that something can be done about.</summary>
    public static readonly IReadOnlyList<PushState> Undecided = [PushState.Dead, PushState.Unknown, PushState.Held];

    /// <summary>Those that may be given up, pending ones under conditions.</summary>
    public static readonly IReadOnlyList<PushState> Discardable = [.. Undecided, PushState.Pending];

    public static readonly IReadOnlyList<PushState> All = Enum.GetValues<PushState>();

    private const int UsualLimit = 100;
    private const int MaxLimit = 1_000;

    private static readonly string[] s_known =
    [
        "state",
        "connector",
        "segment",
        "customer",
        "reason",
        "from",
        "limit",
        "after",
    ];

    /// <summary>The query, or what is wrong with it.</summary>
    /// <param name="states">Those that may be asked for.</param>
    public static (PushQuery? Query, string? Mistake) Read(IQueryCollection query, IReadOnlyList<PushState> states)
    {
        if (query.Keys.FirstOrDefault(key => !s_known.Contains(key, StringComparer.Ordinal)) is { } unknown)
        {
            return (null, $"\"{unknown}\" is not known here; there are {string.Join(", ", s_known)}");
        }

        string stateText = Text(query, "state") ?? PushState.Dead.Word();
        PushState? state = states.Cast<PushState?>().FirstOrDefault(known => known!.Value.Word() == stateText);
        if (state is not { } found)
        {
            return (null, $"state is one of {string.Join(", ", states.Select(PushStates.Word))}");
        }

        int? limit = Text(query, "limit") is { } limitText ? ReadLimit(limitText) : UsualLimit;
        Timestamp? from = Text(query, "from") is { } fromText ? RequestTime.Read(fromText) : null;
        PushCursor? after = Text(query, "after") is { } afterText ? PushJson.ReadCursor(afterText, found) : null;
        string? mistake =
            limit is null ? $"limit is a number from 1 to {MaxLimit}"
            : Text(query, "after") is not null && after is null ? "after is the \"next\" of the list before"
            : Text(query, "from") is null ? null
            : from is null ? $"from is a time such as {RequestTime.Example}"
            : found == PushState.Pending ? "from is about the ends of pushes, and those that are pending have none"
            : null;
        return mistake is null ? (new(FilterOf(query, found, from), after, limit!.Value), null) : (null, mistake);
    }

    private static PushFilter FilterOf(IQueryCollection query, PushState state, Timestamp? from) =>
        new(state)
        {
            Connector = Text(query, "connector"),
            Segment = Text(query, "segment"),
            Customer = Text(query, "customer"),
            Reason = Text(query, "reason"),
            From = from,
        };

    private static int? ReadLimit(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
        && limit is > 0 and <= MaxLimit
            ? limit
            : null;

    private static string? Text(IQueryCollection query, string key) =>
        query[key] is [{ Length: > 0 } text] ? text : null;
}
