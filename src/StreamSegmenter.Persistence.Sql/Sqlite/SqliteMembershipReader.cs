using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;
using StreamSegmenter.Streams.Sqlite;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Persistence.Sql.Sqlite;

internal sealed class SqliteMembershipReader(SqliteDatabase database) : IMembershipReader
{
    // A reader that took its time over one long query would keep the write-ahead log from being emptied.
    private const int PageRows = 1_000;

    // Who is in a segment, the newest transition says: of a group, SQLite takes the other columns from the row that has
    // the maximum.
    private const string Of = """
        SELECT segment, at FROM (
            SELECT segment, at, kind, max(number) FROM transition WHERE customer = ?1 GROUP BY segment
        )
        WHERE kind = 1
        ORDER BY segment
        """;

    private const string TransitionsAfter = """
        SELECT customer, segment, kind, at, cause, number, message_id FROM transition
        WHERE (at, customer, segment, number) > (?1, ?2, ?3, ?4)
        ORDER BY at, customer, segment, number
        LIMIT ?5
        """;

    private const string HistoryOf = """
        SELECT customer, segment, kind, at, cause, number, message_id FROM transition
        WHERE customer = ?1
        ORDER BY segment, number
        """;

    public ValueTask<IReadOnlyList<Membership>> GetMembershipsAsync(
        CustomerId customer,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            customer,
            static (connection, customer) =>
            {
                List<Membership> memberships = [];
                using SqliteDataReader row = connection.Statement(Of).Query(customer.Value);
                while (row.Read())
                {
                    memberships.Add(new(new(row.GetString(0)), new(row.GetInt64(1))));
                }

                return (IReadOnlyList<Membership>)memberships;
            },
            cancellationToken
        );

    public ValueTask<IReadOnlyDictionary<SegmentName, long>> CountMembersAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            0,
            static (connection, _) =>
            {
                Dictionary<SegmentName, long> counts = [];
                using SqliteDataReader row = connection
                    .Statement("SELECT segment, members FROM segment_count WHERE members > 0")
                    .Query();
                while (row.Read())
                {
                    counts.Add(new(row.GetString(0)), row.GetInt64(1));
                }

                return (IReadOnlyDictionary<SegmentName, long>)counts;
            },
            cancellationToken
        );

    public ValueTask<IReadOnlyList<Transition>> GetHistoryAsync(
        IReadOnlyCollection<CustomerId> customers,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            customers,
            static (connection, customers) => (IReadOnlyList<Transition>)ReadHistory(connection, customers),
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
            page = await database.ReadAsync(last, ReadPage, cancellationToken);
            foreach (Transition transition in page)
            {
                yield return last = transition;
            }
        } while (page.Count == PageRows);
    }

    private static List<Transition> ReadPage(PreparedConnection connection, Transition? after)
    {
        List<Transition> page = [];
        using SqliteDataReader row = connection
            .Statement(TransitionsAfter)
            .Query(
                after?.At.Milliseconds ?? long.MinValue,
                after?.Customer.Value ?? "",
                after?.Segment.Value ?? "",
                after?.Number ?? 0,
                PageRows
            );
        while (row.Read())
        {
            page.Add(TransitionOf(row));
        }

        return page;
    }

    private static List<Transition> ReadHistory(
        PreparedConnection connection,
        IReadOnlyCollection<CustomerId> customers
    )
    {
        List<Transition> history = [];
        foreach (CustomerId customer in customers)
        {
            using SqliteDataReader row = connection.Statement(HistoryOf).Query(customer.Value);
            while (row.Read())
            {
                history.Add(TransitionOf(row));
            }
        }

        return history;
    }

    private static Transition TransitionOf(SqliteDataReader row) =>
        new(
            new(row.GetString(0)),
            new(row.GetString(1)),
            (TransitionKind)row.GetInt32(2),
            new(row.GetInt64(3)),
            (TransitionCause)row.GetInt32(4),
            row.GetInt64(5),
            row.IsDBNull(6) ? null : row.GetString(6)
        );
}
