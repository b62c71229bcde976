using System.Diagnostics;
using StreamSegmenter.EndToEnd.Tests.Producing;

namespace StreamSegmenter.EndToEnd.Tests.Cluster;

/// <summary>
/// kcat, a producer that is none of ours: it spreads keys over partitions by murmur2, as Java's clients do, and stamps
/// each record with its own clock.
/// </summary>
public sealed class Kcat : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private Kcat(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Why there is none here, and what to do about it; null when there is.</summary>
    public static string? Missing { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, "kcat")))
            ? null
            : "needs kcat, which is not installed: apt-get install kcat";

    public static Kcat Start(string bootstrapServers, string topic)
    {
        ProcessStartInfo start = new("kcat")
        {
            ArgumentList =
            {
                "-P",
                "-b",
                bootstrapServers,
                "-t",
                topic,
                "-K",
                "\t",
                "-X",
                "topic.partitioner=murmur2_random",
                "-X",
                "acks=all",
                "-X",
                "enable.idempotence=true",
                "-X",
                "linger.ms=5",
            },
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return new(Process.Start(start)!);
    }

    public Task SendAsync(ProducedEvent @event) =>
        _process.StandardInput.WriteAsync($"{@event.Customer}\t{@event.Json}\n");

    public Task FlushAsync() => _process.StandardInput.FlushAsync();

    /// <summary>Waits until the brokers have everything.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.ExitCode.ShouldBe(0, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
