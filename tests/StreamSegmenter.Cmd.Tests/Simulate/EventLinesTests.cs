using System.Text;
using StreamSegmenter.Cmd.Simulate;

namespace StreamSegmenter.Cmd.Tests.Simulate;

public sealed class EventLinesTests
{
    [Fact]
    public async Task Lines_do_not_depend_on_how_the_bytes_arrive()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int maxLineBytes = random.Next(1, 300_000);
            string[] lines = [.. Enumerable.Range(0, random.Next(30)).Select(_ => RandomLine(random, maxLineBytes))];
            byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines));

            await using var reader = await EventLines.OpenAsync(
                new DribblingStream(bytes, random),
                maxLineBytes,
                default
            );
            var read = new List<(long Number, long Length, string Beginning)>();
            while (await reader.ReadAsync(default))
            {
                while (reader.TryTake(out EventLine line))
                {
                    read.Add((line.Number, line.Length, Beginning(Encoding.UTF8.GetString(line.Text.Span))));
                }
            }

            read.ShouldBe(
                lines
                    .Select((line, i) => ((long)i + 1, (long)line.Length, Beginning(line)))
                    .Where(line => line.Item2 > 0),
                $"seed {seed}"
            );
        }
    }

    [Fact]
    public async Task A_line_that_may_be_taken_is_given_whole_to_its_last_byte()
    {
        const int maxLineBytes = 1_000_000;
        byte[] bytes = [.. Enumerable.Repeat((byte)'x', maxLineBytes), .. "\r\ny"u8];
        await using var reader = await EventLines.OpenAsync(new MemoryStream(bytes), maxLineBytes, default);

        var lengths = new List<int>();
        while (await reader.ReadAsync(default))
        {
            while (reader.TryTake(out EventLine line))
            {
                lengths.Add(line.Text.Length);
            }
        }

        lengths.ShouldBe([maxLineBytes, 1]);
    }

    private static string RandomLine(Random random, int maxLineBytes) =>
        random.Next(6) switch
        {
            0 => "",
            1 => new('a', random.Next(maxLineBytes + 1)),
            2 => new('b', maxLineBytes + random.Next(400_000)),
            _ => new((char)('c' + random.Next(20)), random.Next(200)),
        };

    private static string Beginning(string line) => line[..Math.Min(line.Length, 512)];

    /// <summary>Gives as many bytes at a time as it likes.</summary>
    private sealed class DribblingStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 100_000))], cancellationToken);
    }
}
