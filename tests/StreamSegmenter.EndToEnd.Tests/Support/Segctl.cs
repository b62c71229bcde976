using System.Diagnostics;

namespace StreamSegmenter.EndToEnd.Tests.Support;

/// <summary>What a run of segctl came to.</summary>
public sealed record SegctlResult(int ExitCode, string Output, string Error);

/// <summary>The built <c>segctl</c>, in a process of its own.</summary>
public static class Segctl
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static Task<SegctlResult> RunAsync(params string[] arguments) =>
        RunAsync(new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    public static async Task<SegctlResult> RunAsync(
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        string program = Path.Combine(AppContext.BaseDirectory, "segctl.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var late = new CancellationTokenSource(Longest);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(late.Token);
            var error = process.StandardError.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
