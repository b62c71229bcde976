using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Cmd.Diff;

/// <summary>Writes differences for people: what changed in full, the rest in one line.</summary>
/// <param name="samples">How many customers are named at most.</param>
internal sealed class DiffReport(TextWriter output, int samples)
{
    public void Write(IReadOnlyList<SegmentDifference> differences, long events, Timestamp until)
    {
        output.WriteLine(until == Timestamp.Beginning ? "no events" : $"{events} events, up to {until}");
        foreach (var difference in differences.Where(static difference => !difference.IsNone))
        {
            Write(difference);
        }

        string[] same = [.. differences.Where(static d => d.IsNone).Select(static d => d.Name.Value)];
        if (same.Length > 0)
        {
            output.WriteLine();
            output.WriteLine($"no difference: {string.Join(", ", same)}");
        }
    }

    private void Write(SegmentDifference difference)
    {
        output.WriteLine();
        output.WriteLine($"{difference.Name} ({Word(difference.Change)})");
        if (difference.Change != SegmentChange.Unchanged)
        {
            WriteRule('-', SegmentDifference.RuleOf(difference.Old));
            WriteRule('+', SegmentDifference.RuleOf(difference.New));
        }

        int before = difference.Old?.Members.Count ?? 0;
        int after = difference.New?.Members.Count ?? 0;
        output.WriteLine(
            $"  members      {before} → {after}: {difference.Enter.Count} would enter, "
                + $"{difference.Leave.Count} would leave, {difference.Stay} stay"
        );
        var (was, @is) = (difference.Old?.Transitions ?? 0, difference.New?.Transitions ?? 0);
        var others = was == @is && !difference.SameTransitions ? ", other ones" : "";
        output.WriteLine($"  transitions  {was} → {@is}{others}");
        WriteCustomers("would enter", difference.Enter);
        WriteCustomers("would leave", difference.Leave);
    }

    private void WriteRule(char mark, string? rule)
    {
        if (rule is not null)
        {
            output.WriteLine($"  {mark} {rule}");
        }
    }

    private void WriteCustomers(string what, IReadOnlyList<CustomerId> customers)
    {
        if (customers.Count > 0 && samples > 0)
        {
            var more = customers.Count > samples ? $" and {customers.Count - samples} more" : "";
            output.WriteLine($"  {what}  {string.Join(", ", customers.Take(samples).Select(Shown))}{more}");
        }
    }

    /// <summary>Ids come from outside and must neither break the line nor steer a terminal.</summary>
    private static string Shown(CustomerId customer) =>
        string.Concat(customer.Value.Select(static c => char.IsControl(c) ? '?' : c));

    private static string Word(SegmentChange change) =>
        change switch
        {
            SegmentChange.Added => "added",
            SegmentChange.Removed => "removed",
            SegmentChange.Edited => "edited",
            _ => "rule unchanged",
        };
}
