using System.CommandLine;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Cmd.Simulate;

/// <summary>What is to be explained instead of printing transitions.</summary>
/// <param name="At">The instant; null for the end of the run.</param>
internal sealed record ExplainRequest(CustomerId Customer, SegmentName Segment, Timestamp? At);

/// <summary><c>--explain CUSTOMER SEGMENT</c> and <c>--at TIME</c>.</summary>
internal sealed class ExplainOptions
{
    private readonly Option<string[]> _explain = new("--explain")
    {
        Description =
            "Instead of transitions, print why the customer is, or is not, a member of the segment: each part of the "
            + "rule with its value, the events that count, and when it changes by itself.",
        HelpName = "CUSTOMER SEGMENT",
        Arity = new(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<Timestamp?> _at = EventOptions.Instant(
        "--at",
        "With --explain: the instant to explain; later events are left out. Default: the end of the run."
    );

    public void AddTo(Command command)
    {
        command.Options.Add(_explain);
        command.Options.Add(_at);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_at) is not null && result.GetResult(_explain) is null)
            {
                result.AddError("--at needs --explain CUSTOMER SEGMENT");
            }
        });
    }

    public ExplainRequest? Of(ParseResult arguments) =>
        arguments.GetValue(_explain) is [var customer, var segment]
            ? new(new(customer), new(segment), arguments.GetValue(_at))
            : null;
}
