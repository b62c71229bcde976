using System.Runtime.CompilerServices;
using Npgsql;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Postgres;

internal sealed class PostgresMembershipReader(PostgresDatabase database) : IMembershipReader
{
    // One long query would keep the server from clearing what was overwritten meanwhile.
    private const int PageRows = 1_000;

    // Who is in a segment, the newest transition says.
    private const string Of = """
        SELECT segment, at FROM (
            SELECT DISTINCT ON (segment) segment, kind, at FROM transition WHERE customer = $1
            ORDER BY segment, number DESC
        ) AS newest
        WHERE kind = 1
        ORDER BY segment
        """;

    private const string Count = """
        SELECT segment, sum(members)::bigint FROM segment_count GROUP BY segment HAVING sum(members) > 0
        """;

    private const string TransitionsAfter = """
        SELECT customer, segment, kind, at, cause, number, message_id FROM transition
        WHERE (at, customer, segment, number) > ($1, $2, $3, $4)
        ORDER BY at, customer, segment, number
        LIMIT $5
        """;

    private const string HistoryOf = """
        SELECT t.customer, t.segment, t.kind, t.at, t.cause, t.number, t.message_id
        FROM unnest($1::bytea[]) WITH ORDINALITY AS wanted (customer, place)
        JOIN transition AS t ON t.customer = wanted.customer
        ORDER BY wanted.place, t.segment, t.number
        """;

    public async ValueTask<IReadOnlyList<Membership>> GetMembershipsAsync(
        CustomerId customer,
        CancellationToken cancellationToken
    ) =>
        await database.ReadAsync(
            new(Of, StoredText.Encode(customer.Value)),
            static row => new Membership(new(row.GetStoredText(0)), new(row.GetInt64(1))),
            cancellationToken
        );

    public async ValueTask<IReadOnlyDictionary<SegmentName, long>> CountMembersAsync(
        CancellationToken cancellationToken
    ) =>
        (
            await database.ReadAsync(
                new(Count),
                static row => KeyValuePair.Create(new SegmentName(row.GetStoredText(0)), row.GetInt64(1)),
                cancellationToken
            )
        ).ToDictionary();

    public async ValueTask<IReadOnlyList<Transition>> GetHistoryAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    ) =>
        await database.ReadAsync(
            new(HistoryOf, customers.Texts(static customer => customer.Value)),
            TransitionOf,
            cancellationToken
        );

    public async IAsyncEnumerable<Transition> ReadTransitionsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        Transition? last = null;
        List<Transition> page;
        do
        {
            page = await database.ReadAsync(After(last), TransitionOf, cancellationToken);
            foreach (Transition transition in page)
            {
                yield return last = transition;
            }
        } while (page.Count == PageRows);
    }

    private static Statement After(Transition? last) =>
        new(
            TransitionsAfter,
            last?.At.Milliseconds ?? long.MinValue,
            StoredText.Encode(last?.Customer.Value ?? ""),
            StoredText.Encode(last?.Segment.Value ?? ""),
            last?.Number ?? 0,
            PageRows
        );

    private static Transition TransitionOf(NpgsqlDataReader row) =>
        new(
            new(row.GetStoredText(0)),
            new(row.GetStoredText(1)),
            (TransitionKind)row.GetInt16(2),
            new(row.GetInt64(3)),
            (TransitionCause)row.GetInt16(4),
            row.GetInt64(5),
            row.IsDBNull(6) ? null : row.GetStoredText(6)
        );
}
