using System.Text;
using StreamSegmenter.Node.Ingest;
using StreamSegmenter.Segmentation.Events;

namespace StreamSegmenter.Node.Tests.Ingest;

public sealed class IngestSessionTests
{
    [Fact]
    public void An_event_costs_little_more_memory_than_the_name_of_its_customer()
    {
        const int events = 1000;
        const int bytesPerName = 40;
        byte[] body = Encoding.UTF8.GetBytes(
            $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, events).Select(Event))}}]}"""
        );
        IngestSession session = new(new(), () => "none");
        Serve(session, body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Serve(session, body);
        long perEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / events;
        session.Records.Count.ShouldBe(events);
        perEvent.ShouldBeLessThanOrEqualTo(bytesPerName + 8);
    }

    private static string Event(int i) =>
        $$$"""
            {"type":"track","event":"Order Completed","userId":"user-{{{i:D4}}}","messageId":"m{{{i}}}",
             "timestamp":"2020-01-31T12:00:00.000Z","properties":{"total":{{{i}}}.5,"sku":"x","tags":["a","b"]}}
            """;

    private static void Serve(IngestSession session, byte[] body)
    {
        session.Reset();
        body.CopyTo(session.Body.GetSpan(body.Length));
        session.Body.Advance(body.Length);
        session.Envelope.TryReadBatch(session.Body.Span, 10_000, out string fault).ShouldBeTrue(fault);
        session.Decode(impliedType: null, "http", new Timestamp(0));
    }
}
