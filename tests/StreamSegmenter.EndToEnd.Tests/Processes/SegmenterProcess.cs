using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace StreamSegmenter.EndToEnd.Tests.Processes;

/// <summary>One run of the built <c>segmenter</c> in a process of its own.</summary>
public sealed class SegmenterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Transcript _output = new();
    private readonly Transcript _errors = new();
    private readonly Stopwatch _running = Stopwatch.StartNew();

    private SegmenterProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything on standard output so far.</summary>
    public string Output => _output.ToString();

    /// <summary>Everything on standard error so far.</summary>
    public string Errors => _errors.ToString();

    public static SegmenterProcess Start(params IEnumerable<string> arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "segmenter.dll");
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new(
            new()
            {
                StartInfo = new(host, [program, .. arguments])
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            }
        );
    }

    /// <summary>
    /// Waits until <c>/healthz/ready</c> answers 200. Returns how long that took since the start; null when the process
    /// ended before.
    /// </summary>
    public async Task<TimeSpan?> WaitUntilReadyAsync(Uri node)
    {
        using HttpClient http = new() { BaseAddress = node, Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.HoldsAsync(
            async () => HasExited || await AnswersAsync(http),
            Longest,
            () => $"segmenter did not become ready: {Errors}"
        );
        return HasExited ? null : _running.Elapsed;
    }

    /// <summary>As <see cref="WaitUntilReadyAsync"/>, of a process that has no reason to end.</summary>
    public async Task<TimeSpan> MustBecomeReadyAsync(Uri node)
    {
        if (await WaitUntilReadyAsync(node) is { } took)
        {
            return took;
        }

        // Also for the end of what it wrote.
        int code = await WaitForExitAsync(Longest);
        throw new InvalidOperationException($"segmenter ended with {code}: {Errors}");
    }

    /// <summary>What <c>/healthz/ready</c> answers, whatever that is; empty while nobody listens.</summary>
    public async Task<string> AskReadyAsync(HttpClient http)
    {
        HasExited.ShouldBeFalse(Errors);
        try
        {
            using var answer = await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
            return await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }

    /// <summary>SIGKILL: nothing in the process hears of it. Returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: asks the process to end. Returns its exit code.</summary>
    public async Task<int> TerminateAsync(TimeSpan limit)
    {
        HasExited.ShouldBeFalse($"it ended without being asked to: {Errors}");
        await SignalAsync("TERM");
        return await WaitForExitAsync(limit);
    }

    /// <summary>SIGSTOP: the process stands still and does not know it.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Waits for the end of the process and of what it wrote; returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"segmenter did not end within {limit}: {Errors}", e);
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string name)
    {
        string id = Id.ToString(CultureInfo.InvariantCulture);
        using var signal = Process.Start("kill", [$"-{name}", id]);
        await signal.WaitForExitAsync();
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private sealed class Transcript
    {
        private readonly StringBuilder _text = new();

        public void Add(string? line)
        {
            if (line is not null)
            {
                lock (_text)
                {
                    _text.Append(line).Append('\n');
                }
            }
        }

        public override string ToString()
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }
}
